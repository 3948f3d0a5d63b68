import fc from 'fast-check';
import { checkDocument } from '../../../src/contract/read.js';
import { completedResult, failedResult, trialMetrics } from '../../../src/tuning/study/trial-result.js';

const TRIAL = { config: '0_0_1', bracket: 0, rung: 0, budget: 10 / 3, parameters: {} };
const MAXIMIZE = { metric: 'accuracy', direction: 'maximize' } as const;

test('the objective is turned so that smaller is better, and all metrics are kept', () => {
  const reported = trialMetrics('{"accuracy": 0.975, "test_accuracy": 0.96}');
  expect(completedResult(TRIAL, MAXIMIZE, reported)).toEqual({
    contract: 1, config: '0_0_1', budget: 10 / 3, status: 'succeeded', loss: -0.975, metrics: { accuracy: 0.975, test_accuracy: 0.96 },
  });
  expect(completedResult(TRIAL, { ...MAXIMIZE, direction: 'minimize' }, reported)).toMatchObject({ loss: 0.975 });
});

test('an objective of 0 to maximize is a loss of 0', () => {
  expect(JSON.stringify(completedResult(TRIAL, MAXIMIZE, trialMetrics('{"accuracy": 0}')))).toContain('"loss":0,');
  expect(completedResult(TRIAL, MAXIMIZE, trialMetrics('{"accuracy": 0}'))).toHaveProperty('loss', 0);
});

test.each([
  ['no file', undefined, "'accuracy' (absent) must be published by every trial, this one published nothing, call publish_result(value, \"accuracy\")"],
  ['another metric', '{"loss": 1, "f1": 2}', "'accuracy' (absent) must be published by every trial, this one published f1, loss, call publish_result(value, \"accuracy\")"],
  ['a NaN as Python writes it', '{"note \\" NaN": 1, "accuracy": NaN}', "'accuracy' (\"NaN\") must be a finite number, check the training for divergence or an empty data set"],
  ['an infinite loss beside a good objective', '{"accuracy": 0.5, "loss": -Infinity}', "'loss' (\"-Infinity\") must be a finite number, check the training for divergence or an empty data set"],
  ['a number too large', '{"accuracy": 1e999}', "'accuracy' (Infinity) must be a finite number, check the training for divergence or an empty data set"],
  ['a text', '{"accuracy": "0.9"}', "'accuracy' (\"0.9\") must be a finite number, check the training for divergence or an empty data set"],
  ['half a file', '{"accuracy": 0.', "'metrics.json' (\"{\\\"accuracy\\\": 0.\") must be a JSON object of finite numbers, write it with publish_result"],
  ['a list', '[1]', "'metrics.json' (\"[1]\") must be a JSON object of finite numbers, write it with publish_result"],
])('fails if a complete trial left %s, and says so', (_, text, error) => {
  const result = completedResult(TRIAL, MAXIMIZE, trialMetrics(text));
  expect(result).toMatchObject({ status: 'failed', error });
});

test('of a failed trial the metrics are kept that it reported', () => {
  expect(failedResult(TRIAL, 'exit code 1', { f1: 0.5 })).toEqual({
    contract: 1, config: '0_0_1', budget: 10 / 3, status: 'failed', metrics: { f1: 0.5 }, error: 'exit code 1',
  });
});

test('of a long error the end is kept, where the cause stands', () => {
  const result = failedResult(TRIAL, `${'x'.repeat(9000)} the cause`);
  expect(result).toMatchObject({ error: expect.stringMatching(/^\.\.\.x+ the cause$/) });
  expect(checkDocument('trial-result', result, 'test')).toBe(result);
});

test('whatever a metrics file holds, the result is a valid document', () => {
  const names = fc.oneof(fc.constantFrom('accuracy', 'f1', '__proto__', 'val acc', ''), fc.string());
  const numbers = fc.dictionary(names, fc.oneof(fc.double(), fc.string()), { maxKeys: 120 });
  const file = fc.oneof(fc.string(), fc.json(), numbers.map((content) => JSON.stringify(content)));
  fc.assert(fc.property(fc.option(file, { nil: undefined }), (text) => {
    const result = completedResult(TRIAL, MAXIMIZE, trialMetrics(text));
    checkDocument('trial-result', JSON.parse(JSON.stringify(result)), 'test');
  }), { numRuns: 300 });
});

test('more than a hundred metrics are cut, but never the objective', () => {
  const many = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`metric_${i}`, i]));
  const result = completedResult(TRIAL, MAXIMIZE, trialMetrics(JSON.stringify({ ...many, accuracy: 1 })));
  expect(Object.keys(result.metrics)).toHaveLength(100);
  expect(result.metrics).toHaveProperty('accuracy', 1);
});
