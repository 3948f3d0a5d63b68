import * as fc from 'fast-check';

const LABELS = ['namespace', 'x', 'y', 'on'];
const label = fc.constantFrom(...LABELS);
const labels = fc.uniqueArray(label, { maxLength: 2 }).map((l) => `(${l.join(', ')})`);
const matcher = fc.tuple(label, fc.constantFrom('="a"', '!="b"', '=~"a.+"', '!~\'b|c\'')).map((m) => m.join(''));
const selector = fc.oneof(
  fc.constantFrom('up', 'a', 'foo:bar', 'min', 'by'),
  fc.tuple(fc.constantFrom('a', 'b', 'sum'), fc.array(matcher, { maxLength: 2 })).map(([name, m]) => `${name}{${m.join(',')}}`),
  fc.constant('{x="a"}'),
);
const number = fc.constantFrom('1', '0.5', '1e3', '0x1F', '5m', 'Inf', '-2');
const duration = fc.constantFrom('5m', '1h30m', '30', '1d');
const modified = fc.tuple(selector, fc.constantFrom('', ' offset 5m', ' offset -1h', ' @ 100', ' @ end()')).map((s) => s.join(''));

/** Expressions that Prometheus accepts, by type. */
const typed = fc.letrec<{ vector: string; scalar: string; matrix: string }>((tie) => ({
  vector: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    modified,
    fc.tuple(fc.constantFrom('rate', 'increase', 'avg_over_time', 'absent_over_time'), tie('matrix')).map(([f, m]) => `${f}(${m})`),
    fc.tuple(fc.constantFrom('abs', 'absent', 'sort', 'ceil'), tie('vector')).map(([f, v]) => `${f}(${v})`),
    fc.tuple(fc.constantFrom('sum', 'AVG', 'count', 'group'), fc.constantFrom('by', 'without'), labels, tie('vector')).map(([o, b, l, v]) => `${o} ${b} ${l} (${v})`),
    fc.tuple(fc.constantFrom('max', 'stddev'), tie('vector'), fc.constantFrom(' by (x)', '')).map(([o, v, b]) => `${o}(${v})${b}`),
    fc.tuple(fc.constantFrom('topk', 'quantile'), tie('scalar'), tie('vector')).map(([o, s, v]) => `${o}(${s}, ${v})`),
    fc.tuple(tie('vector'), fc.constantFrom('+', '*', '^', '>', '== bool', 'and', 'or', 'unless', '/ on (x)', '< ignoring (y)', '* on (x) group_left (y)', 'and on ()'), tie('vector'))
      .map(([a, o, b]) => `(${a}) ${o} (${b})`),
    fc.tuple(modified, fc.constantFrom('+', '*', '^', 'and', '>'), modified, fc.constantFrom('-', 'or', '<'), modified).map((t) => t.join(' ')),
    fc.tuple(tie('vector'), fc.constantFrom('+', '-', '>', '<= bool'), tie('scalar')).map(([a, o, b]) => `(${a}) ${o} ${b}`),
    tie('vector').map((v) => `-(${v})`),
    fc.tuple(tie('vector'), label).map(([v, l]) => `label_replace(${v}, "${l}", "$1", "y", "(.*)")`),
    tie('scalar').map((s) => `vector(${s})`),
  ),
  scalar: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    number,
    fc.constantFrom('time()', 'pi()'),
    tie('vector').map((v) => `scalar(${v})`),
    fc.tuple(tie('scalar'), fc.constantFrom('+', '^', '> bool'), tie('scalar')).map(([a, o, b]) => `(${a} ${o} ${b})`),
  ),
  matrix: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(selector, duration, fc.constantFrom('', ' offset 1h')).map(([s, d, o]) => `${s}[${d}]${o}`),
    fc.tuple(tie('vector'), duration, fc.constantFrom('', '1m')).map(([v, d, s]) => `(${v})[${d}:${s}]`),
  ),
}));

export const vectorText = typed.vector;
export const anyText = fc.oneof(typed.vector, typed.scalar, typed.matrix);

/** An expression with some tokens gone. */
export const brokenText = fc.tuple(anyText, fc.array(fc.nat(), { minLength: 1, maxLength: 3 })).map(([text, gone]) => {
  const tokens = text.match(/[\w:.]+|"[^"]*"|\s+|./g) ?? [];
  gone.forEach((g) => tokens.splice(g % Math.max(tokens.length, 1), 1));
  return tokens.join('');
});
