import { Binary, Expr, parse, walk } from '../../src/promql';

function read(expression: string): Expr {
  const { expr, problems } = parse(expression);
  expect(problems).toEqual([]);
  return expr!;
}

/** The expression with every operation in parentheses: shows how it was taken apart. */
function grouped(expression: string): string {
  const show = (e: Expr): string => {
    switch (e.kind) {
      case 'binary':
        return `(${show(e.left)} ${e.operator} ${show(e.right)})`;
      case 'unary':
        return `(${e.operator}${show(e.expr)})`;
      default:
        return expression.slice(e.start, e.end);
    }
  };
  return show(read(expression));
}

test.each([
  ['a + b * c', '(a + (b * c))'],
  ['a * b + c', '((a * b) + c)'],
  ['a - b - c', '((a - b) - c)'],
  ['a ^ b ^ c', '(a ^ (b ^ c))'],
  ['-a ^ b', '(-(a ^ b))'],
  ['-a * b', '((-a) * b)'],
  ['-1 ^ 2', '(-(1 ^ 2))'],
  ['2 ^ -1 * 3', '((2 ^ -1) * 3)'],
  ['a or b and c', '(a or (b and c))'],
  ['a and b unless c', '((a and b) unless c)'],
  ['a > b and c < d', '((a > b) and (c < d))'],
  ['a + b offset 5m', '(a + b offset 5m)'],
  ['-a offset 5m', '(-a offset 5m)'],
  ['a + b @ 5', '(a + b @ 5)'],
  ['a + b[5m]', '(a + b[5m])'],
])('%s is grouped as %s', (expression, expected) => {
  expect(grouped(expression)).toBe(expected);
});

test('a selector keeps its matchers with their places', () => {
  expect(read(' a{b="c", d=~\'e\'}')).toEqual({
    kind: 'selector',
    name: 'a',
    matchers: [
      { name: 'b', operator: '=', value: 'c', start: 3, end: 8 },
      { name: 'd', operator: '=~', value: 'e', start: 10, end: 16 },
    ],
    braces: { start: 2, end: 17 },
    start: 1,
    end: 17,
  });
});

test('a metric quoted within the braces is a matcher on its name', () => {
  expect(read('{"foo.bar", "a.b"!~"x"}')).toMatchObject({
    matchers: [{ name: '__name__', operator: '=', value: 'foo.bar' }, { name: 'a.b', operator: '!~', value: 'x' }],
  });
});

test('ranges, offsets and instants are milliseconds, milliseconds and seconds', () => {
  expect(read('a[1h30m] offset -5m @ 7')).toMatchObject({ kind: 'matrix', rangeMs: 5_400_000, offsetMs: -300_000, at: 7 });
  expect(read('a[1m:30] @ end()')).toMatchObject({ kind: 'subquery', rangeMs: 60_000, stepMs: 30_000, at: 'end' });
  expect(read('a @ -5')).toMatchObject({ kind: 'selector', at: -5 });
  expect(read('a @ start()')).toMatchObject({ at: 'start' });
  expect(read('a[5m:]')).not.toHaveProperty('stepMs');
});

test('an aggregation keeps its grouping on either side and its parameter', () => {
  expect(read('TOPK(3, a) BY (x, "l.m")')).toMatchObject({ kind: 'aggregate', operator: 'topk', without: false, grouping: ['x', 'l.m'] });
  expect(read('sum without (x) (a)')).toMatchObject({ without: true, grouping: ['x'], args: [{ kind: 'selector' }] });
  expect(read('sum(a)')).toMatchObject({ without: false, grouping: [] });
});

test('a binary expression keeps bool and how its series match', () => {
  const plain = read('a + b') as Binary;
  expect(plain.matching).toBeUndefined();
  expect(plain.operatorSpan).toEqual({ start: 2, end: 3 });
  expect(read('a > BOOL b')).toMatchObject({ bool: true });
  expect(read('a + ignoring(x) group_right(y) b')).toMatchObject({ matching: { on: false, labels: ['x'], group: 'right', include: ['y'] } });
  expect(read('a + on(x) b')).toMatchObject({ matching: { on: true, labels: ['x'], include: [] } });
});

test('numbers are read as Prometheus reads them', () => {
  const value = (text: string) => (read(text) as { value: number }).value;
  expect([value('0x1F'), value('017'), value('08'), value('1_000'), value('1e3'), value('5m'), value('-Inf'), value('NaN')])
    .toEqual([31, 15, 8, 1000, 1000, 300, -Infinity, NaN]);
});

test('walk visits an expression from the outside in', () => {
  expect([...walk(read('sum(rate(a[5m])) > (-b)'))].map((e) => e.kind))
    .toEqual(['binary', 'aggregate', 'call', 'matrix', 'selector', 'paren', 'unary', 'selector']);
});

test('comments count for nothing', () => {
  expect(grouped('a # one {\n + # two\n b')).toBe('(a + b)');
});

test.each([
  ['parentheses', `${'('.repeat(600)}a${')'.repeat(600)}`],
  ['signs', `${'-'.repeat(600)}a`],
  ['operands', Array.from({ length: 600 }, () => 'a').join('+')],
])('fails if %s nest beyond reason', (_what, expression) => {
  expect(parse(expression).problems[0].message).toBe('the expression nests deeper than 500 levels, split it into recorded rules');
});

test('the most broken text is refused, not thrown at', () => {
  expect(parse('('.repeat(100_000)).problems).toHaveLength(1);
  expect(parse('-'.repeat(100_000)).problems).toHaveLength(1);
  expect(parse('a('.repeat(20_000) + ')'.repeat(20_000)).problems).toHaveLength(1);
});
