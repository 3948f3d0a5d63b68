import fc from 'fast-check';
import { PredictionIndex, type Prediction } from '../../../src/serving/dataplane/prediction-index.js';

const made = (at: number, content?: string): Prediction => ({
  at, answer: { kind: 'array', value: [at] }, truth: false, reward: false, ...(content !== undefined && { content }),
});

test('the oldest go when there are too many, too large or too old', () => {
  const index = new PredictionIndex({ count: 3, bytes: 100, age: 50 });
  for (const [at, size] of [[0, 10], [1, 10], [2, 10], [3, 10]]) index.add(`p${at}`, made(at), size, at);
  expect(['p0', 'p1', 'p3'].map((id) => index.get(id, 3) !== undefined)).toEqual([false, true, true]);
  index.add('large', made(4), 85, 4);
  expect([index.size, index.get('p3', 4) !== undefined, index.get('p2', 4)]).toEqual([2, true, undefined]);
  expect(index.get('p3', 60)).toBeUndefined();
});

test('one that is too large alone stays until the next', () => {
  const index = new PredictionIndex({ count: 10, bytes: 5, age: 50 });
  index.add('a', made(0), 50, 0);
  expect(index.get('a', 0)).toBeDefined();
  index.add('b', made(0), 50, 0);
  expect([index.get('a', 0), index.size]).toEqual([undefined, 1]);
});

test('of predictions with one content, the oldest without a truth is meant', () => {
  const index = new PredictionIndex({ count: 10, bytes: 1000, age: 50 });
  for (const at of [1, 2]) index.add(`p${at}`, made(at, 'same'), 1, at);
  expect(index.idOf('same')).toBe('p1');
  index.mark('p1', { truth: true });
  expect(index.idOf('same')).toBe('p2');
  index.mark('p2', { truth: true });
  expect([index.idOf('same'), index.idOf('other')]).toEqual([undefined, undefined]);
});

test('what was counted before the prediction itself was read stays counted', () => {
  const index = new PredictionIndex({ count: 10, bytes: 1000, age: 50 });
  index.add('a', { at: 2, truth: true, reward: false }, 1, 2);
  index.add('a', made(1), 1, 2);
  expect(index.get('a', 2)).toEqual({ ...made(1), truth: true });
});

test('keeps within its bounds whatever comes', () => {
  const step = fc.record({ id: fc.integer({ min: 0, max: 20 }), size: fc.integer({ min: 0, max: 30 }), content: fc.constantFrom('a', 'b') });
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const index = new PredictionIndex({ count: 5, bytes: 60, age: 1000 });
    const sizes = new Map<string, number>();
    steps.forEach(({ id, size, content }, at) => {
      index.add(String(id), made(at, content), size, at);
      sizes.set(String(id), size);
      const held = [...sizes].filter(([known]) => index.get(known, at) !== undefined);
      expect(held.length).toBe(index.size);
      expect(index.size).toBeLessThanOrEqual(5);
      expect(held.reduce((sum, [, bytes]) => sum + bytes, 0)).toBeLessThanOrEqual(60);
      const open = index.idOf(content);
      expect(open === undefined || index.get(open, at) !== undefined).toBe(true);
    });
  }));
});
