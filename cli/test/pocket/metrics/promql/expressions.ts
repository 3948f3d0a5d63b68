import { pick, type Random } from './worlds.js';

const SELECTORS = [
  'feedback_total', 'feedback_correct_total', 'accuracy', 'strange', 'flat', 'clock', 'nothing', 'feedback_total{model="a"}', 'accuracy{version=~"v[12]"}',
  'feedback_total{pod!="p1",axon="digits"}', '{__name__=~"feedback_.*",model="b"}', 'accuracy{version!~"v3|x"}', 'feedback_total{missing=""}',
];
const SHIFTS = ['', '', '', ' offset 1m', ' offset -30s', ' offset 7m'];
const RANGES = ['30s', '1m', '5m', '300s', '17m', '1m30s'];
const OVER_RANGE = [
  'rate', 'increase', 'delta', 'irate', 'idelta', 'deriv', 'changes', 'resets', 'avg_over_time', 'sum_over_time', 'count_over_time', 'min_over_time',
  'max_over_time', 'last_over_time', 'present_over_time', 'stddev_over_time', 'stdvar_over_time', 'absent_over_time',
];
const OVER_VECTOR = ['abs', 'ceil', 'floor', 'sqrt', 'exp', 'ln', 'log2', 'log10', 'sgn', 'atan', 'deg', 'round', 'timestamp', 'absent', 'sort'];
const AGGREGATIONS = ['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar'];
const GROUPINGS = ['', ' by (model)', ' by (namespace, axon, model, version)', ' without (pod)', ' by ()', ' without (pod, version)'];
const NUMBERS = ['0', '1', '0.5', '100', '-3', 'Inf', 'NaN', '2e3'];
const ARITHMETIC = ['+', '-', '*', '/', '%', 'atan2'];
const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='];
const MATCHINGS = ['', ' on (model)', ' ignoring (pod, version)', ' on (model, version)', ' on (model) group_left', ' on (model) group_right (version)', ' ignoring (pod)'];

/** A random expression that gives an instant vector, or now and then an error of a match. */
export function vector(random: Random, depth: number): string {
  if (depth <= 0) return `${pick(random, SELECTORS)}${pick(random, SHIFTS)}`;
  const inner = () => vector(random, depth - 1);
  switch (Math.floor(random() * 14)) {
    case 0: return `${pick(random, SELECTORS)}${pick(random, SHIFTS)}`;
    case 1:
    case 2: return `${pick(random, OVER_RANGE)}(${range(random, depth)})`;
    case 3: return `${pick(random, OVER_VECTOR)}(${inner()})`;
    case 4:
    case 5: return `${pick(random, AGGREGATIONS)}${pick(random, GROUPINGS)} (${inner()})`;
    case 6: return `${inner()} ${pick(random, ARITHMETIC)}${pick(random, MATCHINGS)} ${inner()}`;
    case 7: return `${inner()} ${pick(random, COMPARISONS)}${random() < 0.3 ? ' bool' : ''}${pick(random, MATCHINGS)} ${inner()}`;
    case 8: return `${inner()} ${pick(random, ['and', 'or', 'unless'])}${pick(random, MATCHINGS.filter((text) => !text.includes('group')))} ${inner()}`;
    case 9: return `${inner()} ${pick(random, [...ARITHMETIC, ...COMPARISONS])} ${scalar(random, depth)}`;
    case 10: return `${scalar(random, depth)} ${pick(random, [...ARITHMETIC, ...COMPARISONS])} ${inner()}`;
    case 11: return `-${inner()}`;
    case 12: return `(${inner()})`;
    default: return special(random, depth);
  }
}

/** The shape of the alerts that are synthesised. */
export function alertOf(random: Random): string {
  const by = 'sum by (namespace, axon, model, version)';
  const selector = `{namespace="default",axon="digits",model="${pick(random, ['a', 'b'])}"}[${pick(random, RANGES)}]`;
  const all = `${by} (increase(feedback_total${selector}))`;
  return `${by} (increase(feedback_correct_total${selector})) / ${all} < ${(0.5 + random()).toFixed(2)} and ${all} >= ${Math.floor(random() * 200)}`;
}

function range(random: Random, depth: number): string {
  if (random() < 0.25) {
    const inner = depth > 1 ? `(${vector(random, depth - 2)})` : pick(random, SELECTORS);
    return `${inner}[${pick(random, ['2m', '5m'])}:${pick(random, ['', '10s', '30s', '1m'])}]${pick(random, SHIFTS)}`;
  }
  return `${pick(random, SELECTORS)}[${pick(random, RANGES)}]${pick(random, SHIFTS)}`;
}

function scalar(random: Random, depth: number): string {
  const roll = random();
  if (roll < 0.1) return 'time()';
  if (roll < 0.25 && depth > 0) return `scalar(${vector(random, depth - 1)})`;
  if (roll < 0.35) return `(${pick(random, NUMBERS)} ${pick(random, ARITHMETIC)} ${pick(random, NUMBERS)})`;
  return pick(random, NUMBERS);
}

function special(random: Random, depth: number): string {
  const inner = vector(random, depth - 1);
  switch (Math.floor(random() * 11)) {
    case 0: return `clamp(${inner}, ${pick(random, NUMBERS)}, ${pick(random, NUMBERS)})`;
    case 1: return `${pick(random, ['clamp_min', 'clamp_max'])}(${inner}, ${pick(random, NUMBERS)})`;
    case 2: return `label_replace(${inner}, "model", "x$1-$2", "version", "(v)(.*)")`;
    case 3: return `label_join(${inner}, "both", "-", "model", "version")`;
    case 4: return `histogram_quantile(${pick(random, ['0.5', '0.95', '0', '1', '2', 'NaN'])}, sum by (le, model) (rate(latency_bucket[${pick(random, RANGES)}])))`;
    case 5: return `predict_linear(${range(random, depth)}, ${pick(random, ['60', '-60', '3600'])})`;
    case 6: return `quantile_over_time(${pick(random, ['0.5', '0.9', '-1', '0'])}, ${range(random, depth)})`;
    case 7: return `quantile${pick(random, GROUPINGS)} (0.7, ${inner})`;
    // Of a value that is no time, what Go makes depends on the processor.
    case 8: return `${pick(random, ['hour', 'minute', 'day_of_year', 'day_of_week', 'days_in_month', 'month', 'year'])}(timestamp(${inner}))`;
    // Powers end in other digits, which what is put on top of them would blow up.
    case 9: return `${pick(random, SELECTORS)} ^ ${pick(random, NUMBERS)}`;
    default: return `vector(${scalar(random, depth)})`;
  }
}
