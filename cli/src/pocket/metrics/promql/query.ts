import { type Expr, typeOf } from 'cdk8s-myelin/lib/promql/index.js';
import { EvaluationError } from './errors.js';
import { LOOKBACK_MS, matrixOf, type Moment, scalarOf, vectorOf } from './evaluate.js';
import { type Labels, labelsKey } from './labels.js';
import { textOf } from './paren.js';
import { parse } from './parse.js';
import type { Point } from './rates.js';
import type { Sample, Series, SeriesSource } from './values.js';

export type QueryResult =
  | { readonly type: 'vector'; readonly samples: readonly Sample[] }
  | { readonly type: 'matrix'; readonly series: readonly Series[] }
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'string'; readonly value: string };

const MOST_POINTS = 11_000;
const MOST_KEPT = 500;

/** Prometheus' query engine over a source of series: expressions as text, instants and steps in Unix milliseconds. */
export class QueryEngine {
  private readonly read = new Map<string, Expr>();

  constructor(private readonly source: SeriesSource, private readonly stepMs: number) {}

  /** The expression, read once; fails on what the evaluator does not know. */
  parse(query: string): Expr {
    const known = this.read.get(query);
    if (known !== undefined) return known;
    const expr = parse(query);
    if (this.read.size >= MOST_KEPT) this.read.clear();
    this.read.set(query, expr);
    return expr;
  }

  instant(query: string, at: number): QueryResult {
    const expr = this.parse(query);
    const moment = this.moment(at, at, at);
    switch (typeOf(expr)) {
      case 'scalar':
        return { type: 'scalar', value: scalarOf(expr, moment) };
      case 'string':
        return { type: 'string', value: textOf(expr) };
      case 'matrix':
        return { type: 'matrix', series: matrixOf(expr, moment).series };
      case 'vector':
        return { type: 'vector', samples: vectorOf(expr, moment) };
    }
  }

  /** The samples of an expression at an instant; a number is one sample without labels, as rules see it. */
  vector(expr: Expr, at: number): Sample[] {
    const moment = this.moment(at, at, at);
    return typeOf(expr) === 'scalar' ? [{ labels: {}, value: scalarOf(expr, moment) }] : vectorOf(expr, moment);
  }

  range(query: string, start: number, end: number, stepMs: number): QueryResult {
    const expr = this.parse(query);
    if (!['scalar', 'vector'].includes(typeOf(expr))) {
      throw new EvaluationError(`invalid expression type "${typeOf(expr)}" for range query, must be Scalar or instant Vector`);
    }
    if ((end - start) / stepMs > MOST_POINTS) {
      throw new EvaluationError('exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)');
    }
    const found = new Map<string, { labels: Labels; points: Point[] }>();
    for (let at = start; at <= end; at += stepMs) {
      for (const { labels, value } of this.step(expr, at, start, end)) {
        const series = found.get(labelsKey(labels)) ?? { labels, points: [] };
        series.points.push({ t: at, v: value });
        found.set(labelsKey(labels), series);
      }
    }
    return { type: 'matrix', series: [...found.values()] };
  }

  private step(expr: Expr, at: number, start: number, end: number): readonly Sample[] {
    const moment = this.moment(at, start, end);
    return typeOf(expr) === 'scalar' ? [{ labels: {}, value: scalarOf(expr, moment) }] : vectorOf(expr, moment);
  }

  private moment(at: number, start: number, end: number): Moment {
    return { source: this.source, at, start, end, lookbackMs: LOOKBACK_MS, stepMs: this.stepMs };
  }
}
