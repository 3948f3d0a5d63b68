import { ValueType } from './ast';

/** What a PromQL function takes and gives. */
export interface Signature {
  readonly args: readonly ValueType[];
  /** How many of the last arguments may be left out. */
  readonly optional: number;
  /** The last argument may be repeated without end. */
  readonly open: boolean;
  readonly returns: ValueType;
}

const V = 'vector';
const M = 'matrix';
const S = 'scalar';
const T = 'string';

const table = new Map<string, Signature>();
function add(names: string, args: ValueType[], extra: Partial<Signature> = {}): void {
  for (const name of names.split(' ')) {
    table.set(name, { args, optional: 0, open: false, returns: V, ...extra });
  }
}
add('abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor ln log10 log2 rad sgn sin sinh sort sort_desc sqrt tan tanh timestamp', [V]);
add('histogram_avg histogram_count histogram_sum histogram_stddev histogram_stdvar', [V]);
add('absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate last_over_time max_over_time min_over_time', [M]);
add('present_over_time rate resets stddev_over_time stdvar_over_time sum_over_time', [M]);
add('days_in_month day_of_month day_of_week day_of_year hour minute month year', [V], { optional: 1 });
add('clamp', [V, S, S]);
add('clamp_max clamp_min', [V, S]);
add('histogram_fraction', [S, S, V]);
add('histogram_quantile', [S, V]);
add('label_replace', [V, T, T, T, T]);
add('label_join', [V, T, T, T], { optional: 1, open: true });
add('predict_linear', [M, S]);
add('quantile_over_time', [S, M]);
add('round', [V, S], { optional: 1 });
add('pi time', [], { returns: S });
add('scalar', [V], { returns: S });
add('vector', [S]);

/** The functions of Prometheus 3 that need no feature flag. */
export const FUNCTIONS: ReadonlyMap<string, Signature> = table;

/** Functions that Prometheus 3 knows behind a feature flag only, or in its newest releases. */
export const EXPERIMENTAL_FUNCTIONS: ReadonlySet<string> = new Set([
  'double_exponential_smoothing', 'end', 'first_over_time', 'histogram_quantiles', 'info', 'mad_over_time', 'max_of', 'min_of', 'range',
  'sort_by_label', 'sort_by_label_desc', 'start', 'start_timestamp', 'step', 'ts_of_first_over_time', 'ts_of_last_over_time',
  'ts_of_max_over_time', 'ts_of_min_over_time',
]);

/** What Prometheus 3 renamed. */
export const RENAMED_FUNCTIONS: Readonly<Record<string, string>> = { holt_winters: 'double_exponential_smoothing' };

/** Aggregation operators, with the type of the parameter of those that take one. */
export const AGGREGATIONS: ReadonlyMap<string, ValueType | undefined> = new Map<string, ValueType | undefined>([
  ['avg', undefined], ['count', undefined], ['group', undefined], ['max', undefined], ['min', undefined], ['stddev', undefined],
  ['stdvar', undefined], ['sum', undefined], ['bottomk', S], ['topk', S], ['quantile', S], ['count_values', T],
]);

export const EXPERIMENTAL_AGGREGATIONS: ReadonlySet<string> = new Set(['limitk', 'limit_ratio']);
