import { analyse, carries, isCondition } from '../../src/promql';
import rows from './corpus.json';

/** What Prometheus' own parser (v0.313.1, no feature flags) says of an expression. */
interface Verdict {
  readonly expr: string;
  readonly type?: string;
  readonly carries?: string[];
  readonly error?: string;
}

const corpus = rows as Verdict[];
const valid = corpus.filter((row) => row.error === undefined);
const invalid = corpus.filter((row) => row.error !== undefined);

test.each(valid)('Prometheus accepts $expr and so do we, with the same type', ({ expr, type }) => {
  const analysis = analyse(expr);
  expect(analysis.problems).toEqual([]);
  expect(analysis.type).toBe(type);
});

test.each(invalid)('Prometheus refuses $expr ($error) and so do we', ({ expr }) => {
  expect(analyse(expr).problems).not.toEqual([]);
});

// Where the reference table is coarse: these were read off Prometheus' evaluation instead.
const FINER: Record<string, string[]> = {
  'sum by (namespace) (count_values("namespace", a))': ['namespace'],
};

test.each(valid)('the labels that $expr can carry are those of the reference', ({ expr, carries: expected }) => {
  const { expr: ast } = analyse(expr);
  expect(['namespace', 'x'].filter((label) => carries(ast!, label))).toEqual(FINER[expr] ?? expected);
});

test.each(valid)('every node of $expr spans the text that it was read from', ({ expr }) => {
  const { expr: ast } = analyse(expr);
  expect(ast!.start).toBeGreaterThanOrEqual(0);
  expect(ast!.end).toBeLessThanOrEqual(expr.length);
  expect(typeof isCondition(ast!)).toBe('boolean');
});
