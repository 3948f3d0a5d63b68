import { Sum } from './sums.js';

/** A value at a time, in Unix milliseconds. */
export interface Point {
  readonly t: number;
  readonly v: number;
}

/** The window of a range: its start is not part of it. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/**
 * What a series grew by within a window, as `increase` and (not a counter) `delta` tell it: between the first and the last sample,
 * resets of a counter added, and stretched to the ends of the window as far as samples can be expected there. Undefined for fewer than two samples.
 *
 * @see https://github.com/prometheus/prometheus/blob/main/promql/functions.go, extrapolatedRate
 */
export function extrapolated(points: readonly Point[], window: Window, counter: boolean): number | undefined {
  return stretched(points, window, counter, 1);
}

/** As `rate`: the growth per second of the window. */
export function extrapolatedRate(points: readonly Point[], window: Window): number | undefined {
  return stretched(points, window, true, (window.end - window.start) / 1000);
}

function stretched(points: readonly Point[], window: Window, counter: boolean, divisor: number): number | undefined {
  if (points.length < 2) return undefined;
  const first = points[0];
  const last = points[points.length - 1];
  let growth = last.v - first.v;
  if (counter) {
    for (let i = 1; i < points.length; i++) {
      if (points[i].v < points[i - 1].v) growth += points[i - 1].v;
    }
  }
  const sampled = (last.t - first.t) / 1000;
  const average = sampled / (points.length - 1);
  const threshold = average * 1.1;
  let toStart = (first.t - window.start) / 1000;
  let toEnd = (window.end - last.t) / 1000;
  if (toStart >= threshold) toStart = average / 2;
  if (counter && growth > 0 && first.v >= 0) {
    // A counter was never below 0, so the series cannot have begun before it was 0.
    toStart = Math.min(toStart, sampled * (first.v / growth));
  }
  if (toEnd >= threshold) toEnd = average / 2;
  return growth * ((sampled + toStart + toEnd) / sampled / divisor);
}

/** The difference of the last two samples; per second and mindful of resets for a counter. */
export function lastTwo(points: readonly Point[], counter: boolean): number | undefined {
  if (points.length < 2) return undefined;
  const [before, last] = points.slice(-2);
  const difference = counter && last.v < before.v ? last.v : last.v - before.v;
  return counter ? difference / ((last.t - before.t) / 1000) : difference;
}

/** The line of least squares through the points, with its value at a time. */
export function regression(points: readonly Point[], at: number): { readonly slope: number; readonly intercept: number } {
  const [{ v: initial }] = points;
  if (points.every(({ v }) => v === initial)) {
    return Number.isFinite(initial) ? { slope: 0, intercept: initial } : { slope: NaN, intercept: NaN };
  }
  const [x, y, xy, xx] = [new Sum(), new Sum(), new Sum(), new Sum()];
  for (const point of points) {
    const seconds = (point.t - at) / 1000;
    x.add(seconds);
    y.add(point.v);
    xy.add(seconds * point.v);
    xx.add(seconds * seconds);
  }
  const n = points.length;
  const slope = (xy.value - x.value * y.value / n) / (xx.value - x.value * x.value / n);
  return { slope, intercept: y.value / n - slope * x.value / n };
}
