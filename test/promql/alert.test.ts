import { alertProblem } from '../../src/promql';

test('a comparison that keeps its labels is an alert', () => {
  expect(alertProblem('sum by (namespace, model) (rate(a[5m])) < 0.9', { labels: ['namespace', 'model'], retrains: true })).toBeUndefined();
});

test.each([
  ['rate(a) > 1', 'is not valid PromQL at column 6', 'rate() takes a range vector here, not an instant vector, add a range such as [5m]'],
  ['a >', 'is not valid PromQL at column 4', 'found the end, expected an expression'],
  ['a\n+ * b', 'is not valid PromQL at line 2, column 3', "found '*', expected an expression"],
  ['a[5m]', 'gives a range vector, and an alert fires for each series of an instant vector', 'compare a metric'],
  ['1 > bool 2', 'gives a scalar, and an alert fires for each series of an instant vector', 'compare a metric'],
  ['"a"', 'gives a string, and an alert fires for each series of an instant vector', 'compare a metric'],
  ['absent(a)', 'asks for what is absent, and missing data is no decay that a retrain could repair', 'make it an alert of its own'],
  ['a > bool 1', 'compares nothing, so it fires whenever its series exist', "add a comparison such as '< 0.9', without 'bool'"],
  ['sum(a) > 1', "drops the label 'namespace', without which the alert reaches nobody", 'keep it, as in sum by (namespace) (…)'],
])('fails if the condition of a retrain is %p', (expression, rule, remedy) => {
  expect(alertProblem(expression, { labels: ['namespace'], retrains: true })).toMatchObject({ rule, remedy });
});

test('an alert that retrains nothing may ask for what is absent', () => {
  expect(alertProblem('absent(a{namespace="n"})', { labels: ['namespace'] })).toBeUndefined();
  expect(alertProblem('sum(a) > 1')).toBeUndefined();
});
