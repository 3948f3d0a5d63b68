import type { SensorCondition, SeenNumber } from '../../src/contract/documents.js';
import type { Facts } from '../../src/ledger/conditions.js';
import { record } from '../../src/ledger/record.js';
import { ask, axonOf, called, event, ledgerWith, NO_FACTS, runOf, succeeded } from './loop.js';

/** What comes of a training with these metrics under a condition. */
function outcome(
  condition: SensorCondition, metrics: Record<string, number>, facts: Facts = NO_FACTS,
): { codes: string[]; message?: string; numbers: SeenNumber[] } {
  const axon = axonOf({ name: 'start', triggers: called('go'), runs: [['train']] }, { name: 'trained', triggers: succeeded('train'), conditions: [condition] });
  const trained = event('task', 'train', 'run', 1, { metrics });
  const { next, answer } = ask(record(ledgerWith(axon), axon, [trained]), axon, 'trained', runOf('digits-trained-1'), [trained], facts);
  const set = next.sensors.trained!.sets[0]!;
  expect(answer.decision).toBe(answer.reasons.length === 0 ? 'pass' : 'refused');
  return { codes: answer.reasons.map(({ code }) => code), message: answer.reasons[0]?.message, numbers: set.numbers };
}

describe('a metric', () => {
  const above = (threshold: number): SensorCondition => ({ kind: 'metric', task: 'train', metric: 'test_accuracy', operator: '>', threshold });

  test.each([
    ['>', 0.95, 0.951, true], ['>', 0.95, 0.95, false], ['>=', 0.95, 0.95, true], ['<', 0, -0.1, true], ['<', 0, 0, false], ['<=', 0, 0, true],
  ] as const)('%s %d holds of %d: %s', (operator, threshold, value, met) => {
    const { codes, numbers } = outcome({ kind: 'metric', metric: 'loss', operator, threshold }, { loss: value });
    expect([codes, numbers]).toEqual([met ? [] : ['condition-not-met'], [{ name: 'loss', value, operator, threshold, met }]]);
  });

  test('that is not met is told with its numbers', () => {
    expect(outcome(above(0.95), { test_accuracy: 0.94 }).message).toBe('test_accuracy of train is 0.94, it must be above 0.95');
  });

  test('that is missing is not met', () => {
    const { codes, message, numbers } = outcome(above(0), { accuracy: 1 });
    expect([codes, message, numbers]).toEqual([['metric-missing'], 'train reported no test_accuracy', [{ name: 'test_accuracy', value: null, met: false }]]);
  });

  test('that is called like a method of every object is missing all the same', () => {
    expect(outcome({ kind: 'metric', metric: 'constructor', operator: '>', threshold: 0 }, {}).codes).toEqual(['metric-missing']);
  });

  test('of a task that does not trigger the sensor is that of its last success', () => {
    const condition: SensorCondition = { kind: 'metric', task: 'check', metric: 'drift', operator: '<', threshold: 1 };
    const axon = axonOf({ name: 'go', triggers: called('go'), runs: [['check']], conditions: [condition] }, { name: 'on', triggers: succeeded('check') });
    const call = event('rest', 'go', '1', 9);
    const checks = [event('task', 'check', 'b', 5, { metrics: { drift: 0.5 } }), event('task', 'check', 'a', 2, { metrics: { drift: 2 } })];
    const { answer } = ask(record(ledgerWith(axon), axon, [...checks, call]), axon, 'go', runOf('digits-go-1'), [call]);
    expect(answer.decision).toBe('pass');
  });
});

describe('better than live', () => {
  const better = (margin = 0, direction: 'maximize' | 'minimize' = 'maximize'): SensorCondition => (
    { kind: 'betterThanLive', model: 'model', metric: 'accuracy', direction, margin });
  const live: Facts = { ...NO_FACTS, live: { model: ['dd757176a4'] } };

  test('is met when nothing is live', () => {
    expect(outcome(better(), {}).codes).toEqual([]);
  });

  test.each([
    ['maximize', 0, 0.91, 0.9, true], ['maximize', 0, 0.9, 0.9, false], ['maximize', 0.25, 0.75, 0.5, true], ['maximize', 0.25, 0.7, 0.5, false],
    ['minimize', 0, 0.8, 0.9, true], ['minimize', 0, 0.9, 0.9, false], ['minimize', 0.25, 0.25, 0.5, true], ['minimize', 0.25, 0.3, 0.5, false],
  ] as const)('%s with a margin of %d: %d against %d is better: %s', (direction, margin, accuracy, champion, met) => {
    const { codes, numbers } = outcome(better(margin, direction), { accuracy, live_accuracy: champion }, live);
    expect(codes).toEqual(met ? [] : ['condition-not-met']);
    expect(numbers).toContainEqual({ name: 'live_accuracy', value: champion, met: true });
  });

  test('is not met when the live model was not scored, and says what to do', () => {
    const { codes, message, numbers } = outcome(better(), { accuracy: 1 }, live);
    expect(codes).toEqual(['metric-missing']);
    expect(message).toBe('train reported no live_accuracy, let it score the model in LIVE_MODEL_PATH on the same test set and publish that as live_accuracy');
    expect(numbers.map(({ value }) => value)).toEqual([1, null]);
  });

  test('is not met when neither was scored', () => {
    expect(outcome(better(), {}, live).codes).toEqual(['metric-missing', 'metric-missing']);
  });
});

describe('a query', () => {
  const query: SensorCondition = { kind: 'promql', expression: 'up > 0' };

  test.each([[[1], true, 1], [[0], true, 0], [[NaN, 2], true, 2], [[NaN], true, null], [[], false, null]] as const)(
    'that gives %p is met: %s', (samples, met, value) => {
      const { codes, numbers } = outcome(query, {}, { ...NO_FACTS, samples: { 'up > 0': samples } });
      expect([codes, numbers]).toEqual([met ? [] : ['condition-not-met'], [{ name: 'up > 0', value, met }]]);
    });
});

test('all reasons and all numbers are told, not only the first', () => {
  const axon = axonOf({ name: 'start', triggers: called('go'), runs: [['train']] }, {
    name: 'trained',
    triggers: succeeded('train'),
    conditions: [{ kind: 'metric', metric: 'a', operator: '>', threshold: 1 }, { kind: 'metric', metric: 'b', operator: '<', threshold: 1 }],
  });
  const trained = event('task', 'train', 'run', 1, { metrics: { a: 0 } });
  const { next, answer } = ask(record(ledgerWith(axon), axon, [trained]), axon, 'trained', runOf('digits-trained-1'), [trained]);
  expect([answer.reasons.map(({ code }) => code), next.sensors.trained!.sets[0]!.numbers.length]).toEqual([['condition-not-met', 'metric-missing'], 2]);
});
