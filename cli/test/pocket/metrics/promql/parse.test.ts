import { AGGREGATIONS, type Expr, FUNCTIONS } from 'cdk8s-myelin/lib/promql/index.js';
import { matchersOf } from '../../../../src/pocket/metrics/promql/matcher.js';
import { parse } from '../../../../src/pocket/metrics/promql/parse.js';
import { QueryEngine } from '../../../../src/pocket/metrics/promql/query.js';
import { reachMs } from '../../../../src/pocket/metrics/promql/reach.js';
import { SeriesStore } from '../../../../src/pocket/metrics/series-store.js';

describe('an expression', () => {
  test.each([
    ['-2 ^ 2', '-(2 ^ 2)'],
    ['1 + 2 * 3 ^ 2 ^ 2', '1 + (2 * (3 ^ (2 ^ 2)))'],
    ['a or b and c unless d', 'a or ((b and c) unless d)'],
    ['sum(a) / b offset 5m', 'sum(a) / (b offset 5m)'],
    ['a == bool b + 1', 'a == bool (b + 1)'],
    ['SUM BY (x) (a)', 'sum (a) by (x)'],
    ['{__name__="a", "b"="c"}', 'a{b="c"}'],
    ['a{b="\\x41\\u0042\\n"} # comment', 'a{b="AB\\n"}'],
    ['a[1h30m]', 'a[5400s]'],
  ])('%s is read as %s', (one, other) => {
    expect(plain(parse(one))).toEqual(plain(parse(other)));
  });

  test.each([
    ['', '1:1: parse error: the expression is empty'],
    ['sum(', "1:5: parse error: found the end, expected ')'"],
    ['x\n  + histogram_count(y)', "2:5: parse error: function 'histogram_count' is for native histograms"],
    ['x </ 2', "1:3: parse error: operator '</' is for native histograms"],
    ['limitk(3, x)', "aggregation 'limitk' is experimental"],
    ['rate(x)', 'rate() takes a range vector here, not an instant vector'],
    ['x[5m]offset 1m + 1', "'+' takes scalars and instant vectors, not a range vector"],
    ['clamp(x, 1)', 'clamp() takes 3 arguments, not 2'],
    ['topk(x)', 'topk() takes 2 arguments, not 1'],
    ['1 < 2', "a comparison of two scalars must say 'bool'"],
    ['x + bool y', "'bool' is for comparisons, not for '+'"],
    ['x and 1', "'and' is only allowed between instant vectors"],
    ['x and on (a) group_left y', "'and' takes no group_left"],
    ['x + on (a) 1', "'on' is only allowed between instant vectors"],
    ['x * on (a) group_left (a) y', "label 'a' must not stand in both on() and group_left()"],
    ['{a=""}', 'a selector without a name must have a matcher that refuses the empty value'],
    ['x{__name__="y"}', 'the metric is named twice'],
    ['x{a=~"(?=b)"}', "1:3: parse error: the regular expression '(?=b)' of label 'a' uses look-around"],
    ['x{a=~"["}', "the regular expression '[' of label 'a' has a '[' that is not closed"],
    ['x{a=~"(a)\\\\1"}', 'uses the backreference'],
    ['x{b="c",a=~"a(?i)b"}', "1:9: parse error: the regular expression 'a(?i)b' changes flags within"],
    ['x{a=~"\\\\pL"}', "the regular expression '\\pL' uses an escape that the embedded evaluator does not support"],
    ['label_replace(x, "a", "b", "c", "(")', "1:33: parse error: the regular expression '(' has a '(' that is not closed"],
    ['(x + y)[5m]', 'over any other expression write a subquery such as [5m:1m]'],
    ['(x) offset 5m', "'offset' must stand right behind a selector"],
    ['x offset 1m offset 2m', "'offset' is given twice"],
    ['x[0s]', "duration '0s' must be greater than 0"],
    ['-"a"', "'-' is for numbers, not for a string"],
    ['(1)[5m:]', 'a subquery takes an instant vector here, not a scalar'],
    [`${'('.repeat(501)}x${')'.repeat(501)}`, 'nests deeper than 500 levels'],
  ])('is refused: %s', (source, message) => {
    expect(() => parse(source)).toThrow(message);
  });

  test('reports how far it looks back', () => {
    expect(reachMs(parse('x + rate(y[1h] offset 5m)'), 300_000)).toBe(3_900_000);
    expect(reachMs(parse('avg_over_time(rate(y[5m])[1h:1m])'), 300_000)).toBe(3_900_000);
    expect(reachMs(parse('1'), 300_000)).toBe(0);
  });
});

describe('every function and aggregation that the reader accepts', () => {
  const store = new SeriesStore();
  store.append({ __name__: 'x', le: '+Inf' }, 0, 1);
  store.append({ __name__: 'x', le: '+Inf' }, 30_000, 2);
  const engine = new QueryEngine(store, 60_000);
  const samples = { scalar: '1', vector: 'x', matrix: 'x[5m]', string: '"a"' };

  test.each([...FUNCTIONS])('%s is evaluated, or refused by name', (name, { args }) => {
    const query = `${name}(${args.map((type) => samples[type]).join(', ')})`;
    let answer: string;
    try {
      answer = engine.instant(query, 60_000).type;
    } catch (error) {
      answer = (error as Error).message;
    }

    expect(answer).toMatch(/^(vector|scalar|.*is for native histograms.*)$/);
  });

  test.each([...AGGREGATIONS])('%s is evaluated', (name, parameter) => {
    const query = `${name}(${parameter === undefined ? '' : `${samples[parameter]}, `}x)`;

    expect(engine.instant(query, 60_000)).toMatchObject({ samples: [{ value: expect.any(Number) }] });
  });
});

test.each([
  ['label_replace(x, ("a"), "b", "c", "")', [{ labels: { __name__: 'x', a: 'b' }, value: 1 }]],
  ['count_values(("a"), x)', [{ labels: { a: '1' }, value: 1 }]],
  ['x @ 30.5', [{ labels: { __name__: 'x' }, value: 1 }]],
  ['x @ 29.9', []],
  ['absent_over_time((x{a="b"}[1m]))', [{ labels: { a: 'b' }, value: 1 }]],
])('%s gives %j', (query, expected) => {
  const store = new SeriesStore();
  store.append({ __name__: 'x' }, 30_000, 1);

  expect(new QueryEngine(store, 60_000).instant(query, 60_000)).toEqual({ type: 'vector', samples: expected });
});

const SPANS = ['start', 'end', 'operatorSpan'];

/** Without parentheses, which only group, and spans. */
function plain(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(plain);
  if (typeof node !== 'object' || node === null) return node;
  const expr = node as Expr;
  if (expr.kind === 'paren') return plain(expr.expr);
  const entries = Object.entries(expr.kind === 'selector' ? { ...expr, ...matchers(expr) } : node).filter(([name]) => !SPANS.includes(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, plain(value)]));
}

function matchers(selector: Expr & { kind: 'selector' }): object {
  return { name: undefined, braces: undefined, matchers: matchersOf(selector).map(({ name, operator, value }) => ({ name, operator, value })) };
}
