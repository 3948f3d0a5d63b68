import fc from 'fast-check';
import { withoutFields } from '../../../src/serving/dataplane/dropped-fields.js';
import { feedbackOf } from '../../../src/serving/dataplane/feedback.js';
import { contentText, payloadOf } from '../../../src/serving/dataplane/message.js';
import { isSampled, predictionId, versionOfId } from '../../../src/serving/dataplane/prediction-id.js';
import { sha256 } from '../../../src/shared/sha256.js';

test('a tensor has the content of the same ndarray', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), (height, width) => {
    const values = Array.from({ length: height * width }, (_, at) => at / 3);
    const ndarray = Array.from({ length: height }, (_, row) => values.slice(row * width, (row + 1) * width));
    expect(payloadOf({ data: { tensor: { shape: [height, width], values } } })).toEqual(payloadOf({ data: { ndarray } }));
  }));
});

test('a tensor of three axes is nested as deep', () => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8];
  expect(payloadOf({ data: { tensor: { shape: [2, 2, 2], values } } })?.value).toEqual([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]);
});

test('a tensor whose shape fits nothing stays flat', () => {
  for (const shape of [[3, 3], [0, 2], ['2', 1], [], undefined]) {
    expect(payloadOf({ data: { tensor: { shape, values: [1, 2] } } })?.value).toEqual([1, 2]);
  }
});

test('what has no data has no payload', () => {
  for (const message of [undefined, null, 1, 'x', [], {}, { data: {} }, { data: { ndarray: 5 } }, { data: [1] }]) expect(payloadOf(message)).toBeUndefined();
});

test('the order of keys does not matter to the content, names and values do', () => {
  expect(contentText({ jsonData: { a: 1, b: [{ c: 1, d: 2 }] } })).toBe(contentText({ jsonData: { b: [{ d: 2, c: 1 }], a: 1 } }));
  const texts = [{ ndarray: [[1]] }, { ndarray: [[2]] }, { ndarray: [[1]], names: ['a'] }].map((data) => contentText({ data }));
  expect(new Set(texts).size).toBe(3);
});

test('an id tells its version, and no other text does', () => {
  expect(versionOfId(predictionId('25fcd78b04', 'Zk3x-9_a'))).toBe('25fcd78b04');
  for (const text of ['25fcd78b04', '25fcd78b04.', '25fcd78b04.a/b', '25FCD78B04.a', `25fcd78b04.${'a'.repeat(65)}`, 7, null]) expect(versionOfId(text)).toBeUndefined();
});

test('a sample has its share of ids, and a larger one holds the smaller', () => {
  const ids = Array.from({ length: 4000 }, (_, at) => `25fcd78b04.${at}`);
  const small = ids.filter((id) => isSampled(id, 0.1, sha256));
  expect(Math.abs(small.length / ids.length - 0.1)).toBeLessThan(0.02);
  expect(small.every((id) => isSampled(id, 0.5, sha256))).toBe(true);
  expect(ids.every((id) => isSampled(id, 1, sha256))).toBe(true);
});

test.each<[string, object, string[], object]>([
  ['a column of an ndarray', { data: { names: ['a', 'b'], ndarray: [[1, 2], [3, 4]] } }, ['a'], { data: { names: ['b'], ndarray: [[2], [4]] } }],
  ['a column of one flat row', { data: { names: ['a', 'b'], ndarray: [1, 2] } }, ['b'], { data: { names: ['a'], ndarray: [1] } }],
  ['a column of a tensor', { data: { names: ['a', 'b'], tensor: { shape: [2, 2], values: [1, 2, 3, 4] } } }, ['b'],
    { data: { names: ['a'], tensor: { shape: [2, 1], values: [1, 3] } } }],
  ['a column of a tensor of unknown form', { data: { names: ['a', 'b'], tensor: { shape: [3], values: [1, 2, 3] } } }, ['b'],
    { data: { names: ['a'], tensor: { shape: [0], values: [] } } }],
  ['a key of JSON', { jsonData: { user: { name: 'Ada', age: 36 } } }, ['user.name'], { jsonData: { user: { age: 36 } } }],
  ['a key of objects in rows', { data: { ndarray: [[{ user: { name: 'Ada' } }]] } }, ['user.name'], { data: { ndarray: [[{ user: {} }]] } }],
  ['what is not there', { jsonData: { a: 1 } }, ['b', 'a.c'], { jsonData: { a: 1 } }],
])('drops %s', (_, message, fields, expected) => {
  const before = JSON.stringify(message);
  expect(withoutFields(message, fields)).toEqual(expected);
  expect(JSON.stringify(message)).toBe(before);
});

test('feedback is read in both forms, and null is absent', () => {
  expect(feedbackOf({ id: 'a', truth: null, reward: 0 })).toEqual({ id: 'a', reward: 0 });
  expect(feedbackOf({ request: { strData: 'x' }, response: { meta: { id: 'a' } }, truth: 1 })).toEqual({ id: 'a', request: { strData: 'x' }, truth: 1 });
  for (const [body, fault] of [[null, 'no-object'], [{ id: 'a' }, 'no-news'], [{ reward: 1 }, 'no-prediction'], [{ id: 'a', reward: 'x' }, 'reward']] as const) {
    expect(feedbackOf(body)).toBe(fault);
  }
});
