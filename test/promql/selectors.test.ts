import { calls, isCondition, parse, selectors, usesAbsent } from '../../src/promql';

const read = (expression: string) => parse(expression).expr!;

test('every metric is found with its matchers and place', () => {
  const found = selectors(read('sum(rate(a{x="1"}[5m])) / b > {"c.d", y="2"}'));
  expect(found.map(({ name, matchers, start, end }) => [name, matchers.map((m) => m.name), start, end]))
    .toEqual([['a', ['x'], 9, 17], ['b', [], 26, 27], ['c.d', ['y'], 30, 44]]);
});

test('a selector by a pattern of names has no name', () => {
  expect(selectors(read('{__name__=~"a.+"}'))[0]).not.toHaveProperty('name');
});

test('a use of absence is found at any depth', () => {
  expect(usesAbsent(read('a > 1 or absent(b)'))).toBe(true);
  expect(usesAbsent(read('sum(absent_over_time(b[5m]))'))).toBe(true);
  expect(usesAbsent(read('absent_ratio > 1'))).toBe(false);
  expect(calls(read('rate(a[5m]) + abs(rate(b[5m]))'), 'rate').map((c) => c.start)).toEqual([0, 18]);
});

test.each([
  'a > 1', '1 < a', '(a != b)', '-(a == 1)', 'a and b > 1', 'a > 1 and b', 'a > 1 or b < 2', 'a unless b', 'sum(a > 1)', 'absent(a)', 'absent_over_time(a[5m])',
  '(a > 1) * 2', 'abs(a) <= 3', 'count_over_time((a > 1)[5m:])', '(a > bool 1) == 1', 'topk(1, a) > 0', 'label_replace(a > 1, "x", "", "", "")',
])('%s is a condition', (expression) => {
  expect(isCondition(read(expression))).toBe(true);
});

test.each([
  'a', 'rate(a[5m])', 'a + b', 'a > bool 1', 'a or b > 1', 'a > 1 or b', 'a and b', 'sum(a)', '1 > bool 2', 'vector(1)', 'vector(scalar(a > 1))', '-a', '"x"',
])('%s would fire whenever its series exist', (expression) => {
  expect(isCondition(read(expression))).toBe(false);
});
