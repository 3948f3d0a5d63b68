import * as fc from 'fast-check';
import { carries, parse } from '../../src/promql';
import { canCarry } from './brute-force';

const says = (expression: string, label = 'namespace') => carries(parse(expression).expr!, label);

test.each([
  'a', 'rate(a[5m])', 'max_over_time(a[5m:])', '(-a)', 'a > 1', '1 - a', 'sum by (namespace) (a)', 'sum without (x) (a)', 'topk(1, a)',
  'a and b', 'a unless sum(b)', 'sum(a) or b', 'a + b', 'a / on(namespace) b', 'a / ignoring(x) b', 'a * on(x) group_left sum(b)',
  'sum by (x) (a) * on(x) group_left(namespace) b', 'sum by (x) (a) * on(x) group_right b', 'absent(a{namespace="n"})', 'absent((a{namespace="n"}))',
  'absent_over_time(a{namespace="n"}[5m])', 'label_replace(sum(a), "namespace", "n", "", "")', 'label_join(sum(a), "namespace", ",")',
  'count_values("namespace", a)', 'histogram_quantile(0.9, sum by (le, namespace) (a))', 'a{namespace!=""}',
])('%s can carry the namespace', (expression) => {
  expect(says(expression)).toBe(true);
});

test.each([
  '1', '"a"', 'time()', 'vector(1)', 'scalar(a)', 'pi()', 'hour()', 'sum(a)', 'sum by (x) (a)', 'sum without (namespace) (a)', 'sum(a) and b',
  'a + on(x) b', 'a + ignoring(namespace) b', 'sum(a) + b', 'sum(a) > on() group_left b', 'a * on(x) group_left(namespace) sum by (x) (b)',
  'absent(a)', 'absent(sum(a{namespace="n"}))', 'absent(a{namespace=~"n"})', 'absent(a{namespace="n", namespace="n"})', 'absent(a{namespace=""})',
  'a{namespace=""}', 'sum by (namespace) (vector(1))', 'count_values("x", sum(a))', 'topk(scalar(a), sum(b))', 'sum(a) * 2',
])('%s cannot carry the namespace', (expression) => {
  expect(says(expression)).toBe(false);
});

// Each selector has a metric of its own, so that any two can hold any series.
const chain = fc.letrec<{ e: string }>((tie) => ({
  e: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('M', 'M{x="1"}', 'M{x=""}', 'absent(M{x="1"})', 'rate(M[5m])'),
    fc.tuple(fc.constantFrom('by', 'without'), fc.constantFrom('(x)', '(y)', '(x, y)', '()'), tie('e')).map(([b, l, e]) => `sum ${b} ${l} (${e})`),
    tie('e').map((e) => `topk(1, ${e})`),
    tie('e').map((e) => `(${e}) > 1`),
    tie('e').map((e) => `label_replace(${e}, "y", "1", "", "")`),
  ),
})).e;
const join = fc.tuple(
  chain,
  fc.constantFrom('+', '+ on (x)', '+ ignoring (x)', '+ on (y)', '> on () group_left ()', '+ on (y) group_left (x)', '+ ignoring (x) group_right ()', 'and', 'or', 'unless', 'and on ()'),
  chain,
).map(([a, o, b]) => `(${a}) ${o} (${b})`);

function numbered(text: string): string {
  let n = 0;
  return text.replace(/M/g, () => `m${n++}`);
}

test('without joins it is exactly what some database would show', () => {
  fc.assert(fc.property(chain, fc.constantFrom('x', 'y'), (text, label) => {
    const { expr } = parse(numbered(text));
    expect(carries(expr!, label)).toBe(canCarry(expr!, label));
  }), { numRuns: 300 });
});

test('with joins it never denies a label that some database would show', () => {
  fc.assert(fc.property(join, fc.constantFrom('x', 'y'), (text, label) => {
    const { expr } = parse(numbered(text));
    expect(canCarry(expr!, label) && !carries(expr!, label)).toBe(false);
  }), { numRuns: 500 });
});
