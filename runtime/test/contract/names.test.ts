import type { EnvironmentDocument, MetricsDocument } from '../../src/contract/documents.js';
import { CONTRACT_VERSION, ENVIRONMENT, METRIC, METRIC_DECLARATIONS, storedMetricName } from '../../src/contract/names.js';
import { contractJson } from '../fixtures.js';

const { storedName, metrics }: MetricsDocument = contractJson('metrics.json');

test.each(storedName.examples)('$metric of the axon $axon is stored as $stored', ({ metric, axon, stored }) => {
  expect(storedMetricName(metric, axon)).toBe(stored);
});

test('a stored name can be used in PromQL without quotes', () => {
  expect(storedMetricName('top-5', 'churn-risk')).toMatch(/^[A-Za-z_:][A-Za-z0-9_:]*$/);
});

test('metrics are declared as in metrics.json', () => {
  expect(METRIC_DECLARATIONS).toEqual(metrics);
});

test('the accuracy of a version can be computed from two counters', () => {
  expect([METRIC.FEEDBACK_CORRECT_TOTAL, METRIC.FEEDBACK_TOTAL]).toEqual(['myelin_feedback_correct_total', 'myelin_feedback_total']);
});

test('only counters end in _total', () => {
  expect(METRIC_DECLARATIONS.filter(({ name, type }) => name.endsWith('_total') !== (type === 'counter'))).toEqual([]);
});

test('every metric is told apart by axon, model and version', () => {
  expect(METRIC_DECLARATIONS.filter(({ labels }) => labels.slice(0, 3).join() !== 'axon,model,version')).toEqual([]);
});

test('no metric and no variable is declared twice', () => {
  const { variables }: EnvironmentDocument = contractJson('environment.json');
  const names = [...metrics, ...variables].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test('task names are appended to the prefix of DATA_PATH', () => {
  expect(ENVIRONMENT.DATA_PATH_PREFIX + 'CleanRecords').toBe('DATA_PATH_CleanRecords');
});

test('the contract is the one that the schemas demand', () => {
  expect(CONTRACT_VERSION).toBe(contractJson('common.schema.json').$defs.Contract.const);
});
