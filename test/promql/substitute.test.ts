import { storedMetricName } from '../../src/contract/names';
import { substitute } from '../../src/promql';

const METRICS = ['churn_auc', 'live-auc', 'm'];
const resolve = (metric: string) => (METRICS.includes(metric) ? storedMetricName(metric, 'churn-risk') : undefined);
const problem = (template: string) => substitute(template, resolve).problems[0];

test('a stored name ends in the axon, with every dash doubled', () => {
  expect(storedMetricName('churn_auc', 'churn-risk')).toBe('churn_auc_churn__risk');
});

test.each([
  ['avg_over_time({{churn_auc}}[30m]) < 0.72', 'avg_over_time(churn_auc_churn__risk[30m]) < 0.72'],
  ["rate({{m}}{job='x'}[5m]) > 1", "rate(m_churn__risk{job='x'}[5m]) > 1"],
  ['{{ live-auc }}/{{m}}>1', 'live__auc_churn__risk/m_churn__risk>1'],
  ['{{m}} offset 5m > up', 'm_churn__risk offset 5m > up'],
  ['up # {{m}}', 'up # {{m}}'],
])('%s becomes %s', (template, expression) => {
  expect(substitute(template, resolve)).toMatchObject({ expression, problems: [] });
});

test('what was replaced is told, with its place in the template', () => {
  expect(substitute('up > {{m}} + {{live-auc}}', resolve).placeholders).toEqual([
    { metric: 'm', stored: 'm_churn__risk', offset: 5 },
    { metric: 'live-auc', stored: 'live__auc_churn__risk', offset: 13 },
  ]);
});

test.each([
  ['{{nope}} > 1', 0, 'the placeholder {{nope}} names a metric that nothing here publishes, name one that a task declares'],
  ['up > {{}}', 5, 'the placeholder {{}} names no metric, write {{metric}}'],
  ['up > {{m', 5, 'the placeholder is not closed, write {{metric}}'],
  ['up > m}}', 6, "found '}}' without '{{', write {{metric}}"],
  ['up{x="{{m}}"} > 1', 6, 'the placeholder {{m}} stands within a string, where nothing replaces it, write it outside of the quotes'],
  ['foo_{{m}} > 1', 4, 'the placeholder {{m}} must stand alone where a metric can stand, not within a name or a list of labels, move it'],
  ['{{m}}{{churn_auc}}', 0, 'the placeholder {{m}} must stand alone where a metric can stand, not within a name or a list of labels, move it'],
  ['sum by ({{m}}) (up)', 8, 'the placeholder {{m}} must stand alone where a metric can stand, not within a name or a list of labels, move it'],
  ['up{{{m}}="x"}', 2, 'the placeholder is not closed, write {{metric}}'],
])('fails if the template is %s', (template, offset, message) => {
  expect(problem(template)).toEqual({ offset, message });
});

test('a problem of the rest is placed in the template, before and behind a placeholder', () => {
  expect(problem('rate(up) + {{m}}')).toMatchObject({ offset: 5 });
  expect(problem('{{m}} + rate(up)')).toMatchObject({ offset: 13, message: expect.stringContaining('range vector') });
  expect(problem('{{m}} + rate({{m}})')).toMatchObject({ offset: 13 });
  expect(problem('{{m}} ) > 1')).toMatchObject({ offset: 6 });
});

test('fails if a name resolves to more than a name', () => {
  expect(substitute('{{m}}', () => 'm{a="b"}').problems[0].message)
    .toBe("the placeholder {{m}} would become 'm{a=\"b\"}', which is no bare metric name, append selectors behind the placeholder");
});
