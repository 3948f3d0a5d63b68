import fc from 'fast-check';
import { extrapolated, extrapolatedRate, type Point } from '../../../../src/pocket/metrics/promql/rates.js';

const at = (...pairs: [number, number][]): Point[] => pairs.map(([seconds, v]) => ({ t: seconds * 1000, v }));
const window = (start: number, end: number) => ({ start: start * 1000, end: end * 1000 });

// Checked against Prometheus 3.13 (the differential test does so for random series).
test.each([
  ['is stretched to both ends, when samples come up to them', at([10, 11], [20, 12], [30, 13], [40, 14]), window(0, 45), 4.5],
  ['is not stretched below the zero that a counter began at', at([10, 0], [20, 1], [30, 2], [40, 3]), window(0, 40), 3],
  ['is stretched by half a step, when a series begins or ends within', at([100, 5], [110, 6], [120, 7]), window(0, 300), 3],
  ['counts what came before a reset', at([0.001, 10], [10, 20], [20, 5], [30, 8]), window(0, 30), 18.00042],
])('the increase of a counter %s', (_, points, range, expected) => {
  expect(extrapolated(points, range, true)).toBeCloseTo(expected, 2);
});

test('one sample tells no growth', () => {
  expect(extrapolated(at([10, 1]), window(0, 20), true)).toBeUndefined();
  expect(extrapolatedRate([], window(0, 20))).toBeUndefined();
});

test('a gauge may fall, a counter may not', () => {
  const points = at([10, 8], [20, 6], [30, 4]);
  expect(extrapolated(points, window(5, 30), false)).toBeCloseTo(-5, 9);
  expect(extrapolated(points, window(5, 30), true)).toBeGreaterThan(0);
});

const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: -5, max: 100 })), { minLength: 2, maxLength: 30 });
const counter = steps.map((waits) => {
  let [t, v] = [0, 0];
  return waits.map(([wait, growth]): Point => {
    t += wait * 1000;
    v = growth < 0 ? 0 : v + growth;
    return { t, v };
  });
});

test('the increase of a counter is never negative, and a rate is the increase per second', () => {
  fc.assert(fc.property(counter, fc.integer({ min: 0, max: 100 }), (points, more) => {
    const range = { start: points[0].t - 1 - more * 100, end: points[points.length - 1].t + more * 100 };
    const increase = extrapolated(points, range, true)!;
    expect(increase).toBeGreaterThanOrEqual(0);
    expect(extrapolatedRate(points, range)).toBeCloseTo(increase / ((range.end - range.start) / 1000), 6);
  }));
});

test('the increase is at most as much more than was seen as the window is longer than the samples', () => {
  fc.assert(fc.property(counter, fc.integer({ min: 0, max: 60 }), (points, more) => {
    const [first, last] = [points[0], points[points.length - 1]];
    const range = { start: first.t - 1 - more * 500, end: last.t + more * 500 };
    const seen = points.slice(1).reduce((sum, { v }, i) => sum + (v < points[i].v ? v : v - points[i].v), 0);
    const increase = extrapolated(points, range, true)!;
    expect(increase).toBeGreaterThanOrEqual(seen - 1e-9);
    expect(increase).toBeLessThanOrEqual(seen * (range.end - range.start) / (last.t - first.t) + 1e-6);
  }));
});
