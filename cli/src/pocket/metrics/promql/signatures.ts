import type { ValueType } from './ast.js';

/** What a function takes and gives. */
export interface Signature {
  readonly args: readonly ValueType[];
  /** How many of the last arguments may be left out. */
  readonly optional: number;
  /** The last argument may be repeated without end. */
  readonly open: boolean;
  readonly returns: ValueType;
}

const table = new Map<string, Signature>();

function add(names: string, args: ValueType[], extra: Partial<Signature> = {}): void {
  for (const name of names.split(' ')) table.set(name, { args, optional: 0, open: false, returns: 'vector', ...extra });
}

add('abs acos acosh asin asinh atan atanh ceil cos cosh deg exp floor ln log10 log2 rad sgn sin sinh sqrt tan tanh', ['vector']);
add('absent sort sort_desc timestamp', ['vector']);
add('absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate last_over_time max_over_time', ['matrix']);
add('min_over_time present_over_time rate resets stddev_over_time stdvar_over_time sum_over_time', ['matrix']);
add('days_in_month day_of_month day_of_week day_of_year hour minute month year', ['vector'], { optional: 1 });
add('clamp', ['vector', 'scalar', 'scalar']);
add('clamp_max clamp_min', ['vector', 'scalar']);
add('histogram_quantile', ['scalar', 'vector']);
add('label_replace', ['vector', 'string', 'string', 'string', 'string']);
add('label_join', ['vector', 'string', 'string', 'string'], { optional: 1, open: true });
add('predict_linear', ['matrix', 'scalar']);
add('quantile_over_time', ['scalar', 'matrix']);
add('round', ['vector', 'scalar'], { optional: 1 });
add('pi time', [], { returns: 'scalar' });
add('scalar', ['vector'], { returns: 'scalar' });
add('vector', ['scalar']);

/** The functions that the embedded evaluator knows: those of Prometheus 3 without native histograms and feature flags. */
export const SIGNATURES: ReadonlyMap<string, Signature> = table;

/** The aggregations it knows, with the type of the parameter of those that take one. */
export const AGGREGATIONS: ReadonlyMap<string, ValueType | undefined> = new Map<string, ValueType | undefined>([
  ['avg', undefined], ['count', undefined], ['group', undefined], ['max', undefined], ['min', undefined], ['stddev', undefined],
  ['stdvar', undefined], ['sum', undefined], ['bottomk', 'scalar'], ['topk', 'scalar'], ['quantile', 'scalar'], ['count_values', 'string'],
]);
