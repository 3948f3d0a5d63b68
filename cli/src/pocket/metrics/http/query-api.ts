import { durationMs } from 'cdk8s-myelin/lib/promql/index.js';
import { EvaluationError, ExpressionError } from '../promql/errors.js';
import type { QueryEngine, QueryResult } from '../promql/query.js';
import type { Point } from '../promql/rates.js';
import { valueText } from '../promql/value-text.js';
import type { Response } from './listen.js';

/** Prometheus' `/api/v1/query` and `/api/v1/query_range`. */
export class QueryApi {
  constructor(private readonly engine: QueryEngine, private readonly now: () => number) {}

  query(parameters: URLSearchParams): Response {
    return answered(() => {
      const at = time(parameters, 'time') ?? this.now();
      return shown(this.engine.instant(required(parameters, 'query'), at), at);
    });
  }

  queryRange(parameters: URLSearchParams): Response {
    return answered(() => {
      const query = required(parameters, 'query');
      const [start, end] = ['start', 'end'].map((name) => time(parameters, name) ?? missing(name));
      const step = stepMs(required(parameters, 'step'));
      if (end < start) throw new Refused('invalid parameter "end": end timestamp must not be before start time');
      if (!(step > 0)) throw new Refused('invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer');
      return shown(this.engine.range(query, start, end, step), end);
    });
  }
}

/** A parameter that cannot be read. */
class Refused extends Error {}

function answered(answer: () => unknown): Response {
  try {
    return success(answer());
  } catch (error) {
    if (error instanceof Refused || error instanceof ExpressionError) return failure(400, 'bad_data', error.message);
    if (error instanceof EvaluationError || error instanceof RangeError) return failure(422, 'execution', error.message);
    throw error;
  }
}

export function success(data: unknown): Response {
  return { status: 200, body: { status: 'success', data } };
}

export function failure(status: number, errorType: string, error: string): Response {
  return { status, body: { status: 'error', errorType, error } };
}

function shown(result: QueryResult, at: number): unknown {
  const pair = ({ t, v }: Point): [number, string] => [t / 1000, valueText(v)];
  switch (result.type) {
    case 'vector':
      return { resultType: 'vector', result: result.samples.map(({ labels, value }) => ({ metric: labels, value: pair({ t: at, v: value }) })) };
    case 'matrix':
      return { resultType: 'matrix', result: result.series.map(({ labels, points }) => ({ metric: labels, values: points.map(pair) })) };
    case 'scalar':
      return { resultType: 'scalar', result: pair({ t: at, v: result.value }) };
    case 'string':
      return { resultType: 'string', result: [at / 1000, result.value] };
  }
}

function time(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name);
  if (text === null || text === '') return undefined;
  const ms = /^-?[\d.]+(?:e[+-]?\d+)?$/i.test(text) ? Math.round(Number(text) * 1000) : Date.parse(text);
  if (Number.isNaN(ms)) throw new Refused(`invalid parameter "${name}": cannot parse "${text}" to a valid timestamp`);
  return ms;
}

function stepMs(text: string): number {
  const seconds = Number(text);
  const ms = Number.isFinite(seconds) ? Math.round(seconds * 1000) : durationMs(text);
  if (ms === undefined) throw new Refused(`invalid parameter "step": cannot parse "${text}" to a valid duration`);
  return ms;
}

function required(parameters: URLSearchParams, name: string): string {
  return parameters.get(name) ?? missing(name);
}

function missing(name: string): never {
  throw new Refused(`invalid parameter "${name}": it is missing`);
}
