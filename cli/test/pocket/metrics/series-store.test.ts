import { matcherOf } from '../../../src/pocket/metrics/promql/matcher.js';
import { QueryEngine } from '../../../src/pocket/metrics/promql/query.js';
import { SeriesStore, STALE } from '../../../src/pocket/metrics/series-store.js';

const A = { __name__: 'a', x: '1' };
const NAMED_A = [matcherOf('__name__', '=', 'a')];

function stored(): SeriesStore {
  const store = new SeriesStore();
  for (const [time, value] of [[1000, 1], [2000, 2], [3000, STALE], [4000, 4]] as const) store.append(A, time, value);
  store.append({ __name__: 'b', x: '1' }, 1000, 9);
  return store;
}

describe('the store', () => {
  test('gives the newest sample of a window whose start is not part of it', () => {
    expect(stored().instant(NAMED_A, { start: 1000, end: 2500 })).toEqual([{ labels: A, value: 2, t: 2000 }]);
    expect(stored().instant(NAMED_A, { start: 2000, end: 2500 })).toEqual([]);
  });

  test('gives nothing of a series that went stale, until it is there again', () => {
    expect(stored().instant(NAMED_A, { start: 0, end: 3999 })).toEqual([]);
    expect(stored().instant(NAMED_A, { start: 0, end: 4000 })).toEqual([{ labels: A, value: 4, t: 4000 }]);
  });

  test('gives the samples of a window without marks', () => {
    expect(stored().range(NAMED_A, { start: 1000, end: 4000 })).toEqual([{ labels: A, points: [{ t: 2000, v: 2 }, { t: 4000, v: 4 }] }]);
  });

  test('finds series by any matcher', () => {
    expect(stored().range([matcherOf('x', '=~', '1|2')], { start: 0, end: 1000 })).toHaveLength(2);
    expect(stored().range([matcherOf('__name__', '!=', 'a'), matcherOf('x', '!=', '')], { start: 0, end: 1000 })).toHaveLength(1);
    expect(stored().range([matcherOf('__name__', '=', 'c')], { start: 0, end: 1000 })).toEqual([]);
  });

  test('refuses a sample that is not newer', () => {
    expect(stored().append(A, 4000, 5)).toBe(false);
    expect(stored().append(A, 3500, 5)).toBe(false);
    expect(stored().append(A, 4001, 5)).toBe(true);
  });

  test('forgets what is old, and series of which nothing is left', () => {
    const store = stored();
    store.prune(3000);
    expect(store.range([matcherOf('x', '=', '1')], { start: 0, end: 9000 })).toEqual([{ labels: A, points: [{ t: 4000, v: 4 }] }]);
    expect(store.append({ __name__: 'b', x: '1' }, 1000, 1)).toBe(true);
  });
});

describe('a query over it', () => {
  const engine = new QueryEngine(stored(), 60_000);

  test('of a range has a value for each step that has one', () => {
    expect(engine.range('a * 2', 1000, 5000, 1000)).toEqual({
      type: 'matrix', series: [{ labels: { x: '1' }, points: [{ t: 1000, v: 2 }, { t: 2000, v: 4 }, { t: 4000, v: 8 }, { t: 5000, v: 8 }] }],
    });
    expect(engine.range('time()', 0, 2000, 1000)).toEqual({ type: 'matrix', series: [{ labels: {}, points: [0, 1, 2].map((s) => ({ t: s * 1000, v: s })) }] });
  });

  test('of an instant has the type of the expression', () => {
    expect(engine.instant('1 + 1', 0)).toEqual({ type: 'scalar', value: 2 });
    expect(engine.instant('"x"', 0)).toEqual({ type: 'string', value: 'x' });
    expect(engine.instant('a[1s] @ 2', 9000)).toEqual({ type: 'matrix', series: [{ labels: A, points: [{ t: 2000, v: 2 }] }] });
  });

  test('fails if it has too many steps or gives one series twice', () => {
    expect(() => engine.range('a', 0, 12_000_000, 1000)).toThrow('exceeded maximum resolution of 11,000 points per timeseries');
    expect(() => engine.range('a[5m]', 0, 1000, 1000)).toThrow('invalid expression type "matrix" for range query');
    expect(() => engine.instant('abs({x="1"})', 1000)).toThrow('vector cannot contain metrics with the same labelset');
    expect(() => engine.instant('a + on () {x="1"}', 1000)).toThrow('found duplicate series for the match group {} on the right hand-side');
  });
});
