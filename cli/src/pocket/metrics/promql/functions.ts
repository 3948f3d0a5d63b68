import { histogramQuantile } from './histogram.js';
import { labelOf, type Labels, withLabels, withoutName } from './labels.js';
import { extrapolated, extrapolatedRate, lastTwo, type Point, regression, type Window } from './rates.js';
import { anchored, expand } from './regexp.js';
import { ascending, meanOf, quantileOf, Sum, sumOf } from './sums.js';
import type { Sample, Series } from './values.js';

const PLAIN: Readonly<Record<string, (value: number) => number>> = {
  abs: Math.abs,
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  ceil: Math.ceil,
  cos: Math.cos,
  cosh: Math.cosh,
  exp: Math.exp,
  floor: Math.floor,
  ln: Math.log,
  log10: Math.log10,
  log2: Math.log2,
  sgn: Math.sign,
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
  deg: (value) => value * 180 / Math.PI,
  rad: (value) => value * Math.PI / 180,
};

/** A function of an instant vector and numbers. */
export function overVector(name: string, vector: readonly Sample[], parameters: readonly number[]): Sample[] {
  const [a, b] = parameters;
  const each = (f: (value: number) => number) => vector.map(({ labels, value }) => ({ labels: withoutName(labels), value: f(value) }));
  switch (name) {
    case 'clamp':
      return b < a ? [] : each((value) => greater(a, lesser(b, value)));
    case 'clamp_min':
      return each((value) => greater(a, value));
    case 'clamp_max':
      return each((value) => lesser(a, value));
    case 'round': {
      const inverse = 1 / (a ?? 1);
      return each((value) => Math.floor(value * inverse + 0.5) / inverse);
    }
    case 'sort':
      return [...vector].sort((x, y) => nanLast(x.value, y.value) || ascending(x.value, y.value));
    case 'sort_desc':
      return [...vector].sort((x, y) => nanLast(x.value, y.value) || ascending(y.value, x.value));
    case 'histogram_quantile':
      return histogramQuantile(a, vector);
    default:
      return each(PLAIN[name]);
  }
}

/** A function of a range: a value for each series that has one. */
export function overMatrix(name: string, series: readonly Series[], window: Window, parameters: readonly number[], at: number): Sample[] {
  return series.flatMap(({ labels, points }) => {
    const value = overPoints(name, points, window, parameters[0], at);
    return value === undefined ? [] : [{ labels: name === 'last_over_time' ? labels : withoutName(labels), value }];
  });
}

function overPoints(name: string, points: readonly Point[], window: Window, parameter: number, at: number): number | undefined {
  const values = points.map(({ v }) => v);
  switch (name) {
    case 'rate': return extrapolatedRate(points, window);
    case 'increase': return extrapolated(points, window, true);
    case 'delta': return extrapolated(points, window, false);
    case 'irate': return lastTwo(points, true);
    case 'idelta': return lastTwo(points, false);
    case 'deriv': return points.length < 2 ? undefined : regression(points, points[0].t).slope;
    case 'predict_linear': return points.length < 2 ? undefined : predicted(points, at, parameter);
    case 'changes': return count(values, (before, value) => value !== before && !(Number.isNaN(value) && Number.isNaN(before)));
    case 'resets': return count(values, (before, value) => value < before);
    case 'avg_over_time': return meanOf(values);
    case 'sum_over_time': return sumOf(values);
    case 'count_over_time': return values.length;
    case 'min_over_time': return values.reduce((least, value) => (value < least || Number.isNaN(least) ? value : least));
    case 'max_over_time': return values.reduce((most, value) => (value > most || Number.isNaN(most) ? value : most));
    case 'last_over_time': return values[values.length - 1];
    case 'present_over_time': return 1;
    case 'quantile_over_time': return quantileOf(parameter, values);
    case 'stdvar_over_time': return variance(values);
    case 'stddev_over_time': return Math.sqrt(variance(values));
    default: throw new Error(`function ${name} passed the check`);
  }
}

/** `label_replace` and `label_join`: the labels with one written from others. */
export function overLabels(name: string, vector: readonly Sample[], words: readonly string[]): Sample[] {
  const [target] = words;
  const written = name === 'label_replace' ? replaced(words) : joined(words);
  return vector.map(({ labels, value }) => {
    const text = written(labels);
    return { labels: text === undefined ? labels : withLabels(labels, { [target]: text }), value };
  });
}

function replaced([, template, source, pattern]: readonly string[]): (labels: Labels) => string | undefined {
  const regexp = anchored(pattern);
  return (labels) => {
    const match = regexp.exec(labelOf(labels, source));
    return match === null ? undefined : expand(template, match);
  };
}

function joined([, separator, ...sources]: readonly string[]): (labels: Labels) => string {
  return (labels) => sources.map((source) => labelOf(labels, source)).join(separator);
}

function predicted(points: readonly Point[], at: number, seconds: number): number {
  const { slope, intercept } = regression(points, at);
  return slope * seconds + intercept;
}

function count(values: readonly number[], counts: (before: number, value: number) => boolean): number {
  return values.slice(1).filter((value, i) => counts(values[i], value)).length;
}

function variance(values: readonly number[]): number {
  const mean = new Sum();
  const squares = new Sum();
  values.forEach((value, i) => {
    const delta = value - mean.value;
    mean.add(delta / (i + 1));
    squares.add(delta * (value - mean.value));
  });
  return squares.value / values.length;
}

function nanLast(a: number, b: number): number {
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

/** Go's Max and Min: an infinity that decides wins over NaN. */
function greater(a: number, b: number): number {
  return a === Infinity || b === Infinity ? Infinity : Math.max(a, b);
}

function lesser(a: number, b: number): number {
  return a === -Infinity || b === -Infinity ? -Infinity : Math.min(a, b);
}
