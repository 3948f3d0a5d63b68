import { withMatchers } from '../../src/promql';

const NAMESPACE = [{ name: 'namespace', value: 'ml' }];

test.each([
  ['a', 'a{namespace="ml"}'],
  ['a{}', 'a{namespace="ml"}'],
  ['a{ x="1", }', 'a{namespace="ml", x="1", }'],
  ['{x="1"}', '{namespace="ml",x="1"}'],
  ['{"foo.bar"}', '{namespace="ml","foo.bar"}'],
  ['a{namespace="ml"}', 'a{namespace="ml"}'],
  ['a{namespace=~"m.*"}', 'a{namespace="ml",namespace=~"m.*"}'],
  ['sum(rate(a[5m] offset 1h)) / b > 1', 'sum(rate(a{namespace="ml"}[5m] offset 1h)) / b{namespace="ml"} > 1'],
  ['a # a comment {\n+ b', 'a{namespace="ml"} # a comment {\n+ b{namespace="ml"}'],
  ['label_replace(a, "x", "a", "", "")', 'label_replace(a{namespace="ml"}, "x", "a", "", "")'],
  ['time()', 'time()'],
])('%s becomes %s', (before, after) => {
  expect(withMatchers(before, NAMESPACE)).toEqual({ expression: after, problems: [] });
});

test('several labels are added at once, values and odd names quoted', () => {
  expect(withMatchers('a', [{ name: 'x', value: 'q"\\' }, { name: 'l.m', value: '1' }]).expression).toBe('a{x="q\\"\\\\","l.m"="1"}');
});

test('fails if a selector fixes the label to another value', () => {
  expect(withMatchers('a{namespace="ml"} > b{namespace="other"}', NAMESPACE)).toEqual({
    problems: [{ offset: 22, message: 'the matcher namespace="other" contradicts namespace="ml", which is added to every selector, remove it' }],
  });
});

test('fails if the expression cannot be read', () => {
  expect(withMatchers('a{', NAMESPACE).problems).toHaveLength(1);
});
