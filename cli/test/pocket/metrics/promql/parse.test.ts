import { reachMs } from '../../../../src/pocket/metrics/promql/ast.js';
import { parse } from '../../../../src/pocket/metrics/promql/parse.js';

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
    ['', 'the expression is empty'],
    ['sum(', "'sum(' is no PromQL"],
    ['histogram_count(x)', "function 'histogram_count' is unknown to the embedded evaluator"],
    ['limitk(3, x)', "aggregation 'limitk' is unknown to the embedded evaluator"],
    ['rate(x)', 'rate() takes a matrix here, not a vector'],
    ['x[5m]offset 1m + 1', "'+' takes scalars and instant vectors, not a matrix"],
    ['clamp(x, 1)', 'clamp() takes 3 arguments, not 2'],
    ['topk(x)', 'topk() takes a scalar and a vector'],
    ['1 < 2', "a comparison of two scalars must say 'bool'"],
    ['x + bool y', "'bool' is for comparisons, not for '+'"],
    ['x and 1', "'and' is for two instant vectors"],
    ['x and on (a) group_left y', "'and' is for two instant vectors and takes no group"],
    ['x + on (a) 1', "'on' and 'ignoring' are only allowed between instant vectors"],
    ['x * on (a) group_left (a) y', "label 'a' must not stand in both on() and group_left()"],
    ['{a=""}', "'{a=\"\"}' selects every series"],
    ['x{__name__="y"}', 'names its metric twice'],
    ['x{a=~"(?=b)"}', "the regular expression '(?=b)' looks around itself"],
    ['x{a=~"["}', "the regular expression '[' cannot be read"],
    ['x{a=~"(a)\\\\1"}', 'uses \\Q, \\C or a back reference'],
    ['label_replace(x, "a", "b", "c", "(")', "the regular expression '(' cannot be read"],
    ['(x + y)[5m]', 'over anything else write a subquery such as [5m:1m]'],
    ['(x) offset 5m', "'offset' and '@' stand right behind a selector"],
    ['x offset 1m offset 2m', "'offset' is given twice"],
    ['x[0s]', "duration '0s' must be greater than 0"],
    ['-"a"', "'-' is for numbers, not for a string"],
    ['(1)[5m:]', 'a subquery takes a vector here, not a scalar'],
    [`${'('.repeat(301)}x${')'.repeat(301)}`, 'nests deeper than 300 levels'],
  ])('is refused: %s', (source, message) => {
    expect(() => parse(source)).toThrow(message);
  });

  test('tells how far it looks back', () => {
    expect(reachMs(parse('x + rate(y[1h] offset 5m)'), 300_000)).toBe(3_900_000);
    expect(reachMs(parse('avg_over_time(rate(y[5m])[1h:1m])'), 300_000)).toBe(3_900_000);
    expect(reachMs(parse('1'), 300_000)).toBe(0);
  });
});

/** Without parentheses, which only group, and functions, which are not compared. */
function plain(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(plain);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).filter(([, value]) => typeof value !== 'function');
  const { kind, expr } = node as { kind?: string; expr?: unknown };
  return kind === 'paren' ? plain(expr) : Object.fromEntries(entries.map(([name, value]) => [name, plain(value)]));
}
