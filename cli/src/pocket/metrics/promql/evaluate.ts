import { type Aggregate, type Binary, type Call, type Expr, type Selector, type Shift, type Subquery, typeOf } from 'cdk8s-myelin/lib/promql/index.js';
import { aggregate } from './aggregate.js';
import { binary } from './binary.js';
import { EvaluationError } from './errors.js';
import { overLabels, overMatrix, overVector } from './functions.js';
import { type Labels, labelsKey, labelsText, NAME, withLabels, withoutName } from './labels.js';
import { matchersOf } from './matcher.js';
import { textOf, unwrapped } from './paren.js';
import type { Point, Window } from './rates.js';
import { timed } from './time-functions.js';
import type { Sample, Series, SeriesSource } from './values.js';

/** When an expression is evaluated, over what. All times are Unix milliseconds. */
export interface Moment {
  readonly source: SeriesSource;
  readonly at: number;
  /** The ends of a range query; of an instant query both are `at`. */
  readonly start: number;
  readonly end: number;
  /** How old the sample of an instant selector may be. */
  readonly lookbackMs: number;
  /** The step of subqueries that name none. */
  readonly stepMs: number;
}

/** Prometheus' default lookback. */
export const LOOKBACK_MS = 300_000;

/** The value of an expression that gives a number. */
export function scalarOf(expr: Expr, moment: Moment): number {
  switch (expr.kind) {
    case 'number':
      return expr.value;
    case 'paren':
      return scalarOf(expr.expr, moment);
    case 'unary':
      return (expr.operator === '-' ? -1 : 1) * scalarOf(expr.expr, moment);
    case 'binary':
      return scalarBinary(expr, moment);
    case 'call':
      return scalarCall(expr, moment);
    default:
      throw new EvaluationError(`a ${expr.kind} is no scalar`);
  }
}

/** The samples that an expression gives, be it a vector or a number. */
export function vectorOf(expr: Expr, moment: Moment): Sample[] {
  switch (expr.kind) {
    case 'selector':
      return instants(expr, moment).map(({ labels, value }) => ({ labels, value }));
    case 'paren':
      return vectorOf(expr.expr, moment);
    case 'unary':
      return expr.operator === '+' ? vectorOf(expr.expr, moment)
        : distinct(vectorOf(expr.expr, moment).map(({ labels, value }) => ({ labels: withoutName(labels), value: -value })));
    case 'aggregate':
      return distinct(aggregated(expr, moment));
    case 'binary':
      return distinct(vectorBinary(expr, moment));
    case 'call':
      return distinct(called(expr, moment));
    default:
      throw new EvaluationError(`a ${expr.kind} is no instant vector`);
  }
}

/** The series of a range or a subquery, and the window that they were taken from. */
export function matrixOf(expr: Expr, moment: Moment): { readonly series: Series[]; readonly window: Window } {
  if (expr.kind === 'paren') return matrixOf(expr.expr, moment);
  if (expr.kind !== 'matrix' && expr.kind !== 'subquery') throw new EvaluationError(`a ${expr.kind} is no range`);
  const window = windowOf(expr, expr.rangeMs, moment);
  return { series: expr.kind === 'matrix' ? moment.source.range(matchersOf(expr.expr), window) : resampled(expr, window, moment), window };
}

function instants(selector: Selector, moment: Moment): (Sample & { readonly t: number })[] {
  return moment.source.instant(matchersOf(selector), windowOf(selector, moment.lookbackMs, moment));
}

function windowOf(shift: Shift, lengthMs: number, moment: Moment): Window {
  const end = instantOf(shift, moment) - (shift.offsetMs ?? 0);
  return { start: end - lengthMs, end };
}

function instantOf({ at }: Shift, moment: Moment): number {
  switch (at) {
    case undefined: return moment.at;
    case 'start': return moment.start;
    case 'end': return moment.end;
    default: return Math.round(at * 1000);
  }
}

/** A subquery is evaluated at the multiples of its step within its window. */
function resampled(subquery: Subquery, window: Window, moment: Moment): Series[] {
  const step = subquery.stepMs ?? moment.stepMs;
  const found = new Map<string, { labels: Labels; points: Point[] }>();
  for (let at = (Math.floor(window.start / step) + 1) * step; at <= window.end; at += step) {
    for (const { labels, value } of vectorOf(subquery.expr, { ...moment, at })) {
      const key = labelsKey(labels);
      const series = found.get(key) ?? { labels, points: [] };
      series.points.push({ t: at, v: value });
      found.set(key, series);
    }
  }
  return [...found.values()];
}

function aggregated(expr: Aggregate, moment: Moment): Sample[] {
  const [parameter, vector] = expr.args.length === 1 ? [undefined, expr.args[0]] : expr.args;
  const value = parameter && (typeOf(parameter) === 'string' ? textOf(parameter) : scalarOf(parameter, moment));
  return aggregate(expr, vectorOf(vector, moment), value);
}

function scalarBinary(expr: Binary, moment: Moment): number {
  return binary(expr, scalarOf(expr.left, moment), scalarOf(expr.right, moment)) as number;
}

function vectorBinary(expr: Binary, moment: Moment): Sample[] {
  const [left, right] = [expr.left, expr.right].map((side) => (isScalar(side) ? scalarOf(side, moment) : vectorOf(side, moment)));
  return binary(expr, left, right) as Sample[];
}

function scalarCall(call: Call, moment: Moment): number {
  switch (call.name) {
    case 'time':
      return moment.at / 1000;
    case 'pi':
      return Math.PI;
    default: {
      const vector = vectorOf(call.args[0], moment);
      return vector.length === 1 ? vector[0].value : NaN;
    }
  }
}

function called(call: Call, moment: Moment): Sample[] {
  const [first] = call.args;
  switch (call.name) {
    case 'vector':
      return [{ labels: {}, value: scalarOf(first, moment) }];
    case 'absent':
      return vectorOf(first, moment).length > 0 ? [] : [{ labels: fixedLabels(first), value: 1 }];
    case 'absent_over_time':
      return matrixOf(first, moment).series.length > 0 ? [] : [{ labels: fixedLabels(first), value: 1 }];
    case 'timestamp':
      return timestamps(first, moment);
    case 'label_replace':
    case 'label_join':
      return overLabels(call.name, vectorOf(first, moment), call.args.slice(1).map(textOf));
  }
  const clock = timed(call.name);
  if (clock !== undefined) {
    const times = first === undefined ? [{ labels: {}, value: moment.at / 1000 }] : vectorOf(first, moment);
    return times.map(({ labels, value }) => ({ labels: withoutName(labels), value: clock(value) }));
  }
  const parameters = call.args.filter(isScalar).map((arg) => scalarOf(arg, moment));
  const vector = call.args.find((arg) => !isScalar(arg))!;
  const matrix = typeOf(vector) === 'matrix' ? matrixOf(vector, moment) : undefined;
  return matrix === undefined ? overVector(call.name, vectorOf(vector, moment), parameters)
    : overMatrix(call.name, matrix.series, matrix.window, parameters, moment.at);
}

function timestamps(expr: Expr, moment: Moment): Sample[] {
  const plain = unwrapped(expr);
  const found = plain.kind === 'selector' ? instants(plain, moment) : vectorOf(expr, moment).map((sample) => ({ ...sample, t: moment.at }));
  return found.map(({ labels, t }) => ({ labels: withoutName(labels), value: t / 1000 }));
}

/** What is absent has the labels that its selector fixes by equality, each named once. */
function fixedLabels(expr: Expr): Labels {
  const inner = unwrapped(expr);
  if (inner.kind !== 'selector' && inner.kind !== 'matrix') return {};
  const { matchers } = inner.kind === 'matrix' ? inner.expr : inner;
  const named = (name: string) => matchers.filter((matcher) => matcher.name === name);
  const fixed = matchers.filter(({ name, operator }) => name !== NAME && operator === '=' && named(name).length === 1);
  return withLabels({}, Object.fromEntries(fixed.map(({ name, value }) => [name, value])));
}

function isScalar(expr: Expr): boolean {
  return typeOf(expr) === 'scalar';
}

/** Two samples of the same labels, as when a name is dropped that told series apart, are an error and not a choice. */
function distinct(samples: Sample[]): Sample[] {
  const seen = new Set<string>();
  for (const { labels } of samples) {
    const key = labelsKey(labels);
    if (seen.has(key)) throw new EvaluationError(`vector cannot contain metrics with the same labelset, as ${labelsText(labels)}`);
    seen.add(key);
  }
  return samples;
}
