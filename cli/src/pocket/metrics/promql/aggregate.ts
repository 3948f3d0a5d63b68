import type { Aggregate } from 'cdk8s-myelin/lib/promql/index.js';
import { type Labels, labelsKey, NAME, only, withLabels, without } from './labels.js';
import { ascending, meanOf, quantileOf, sumOf } from './sums.js';
import { valueText } from './value-text.js';
import type { Sample } from './values.js';

/** The samples of a vector, group by group. The parameter is that of `topk`, `quantile` and the like. */
export function aggregate(expr: Aggregate, vector: readonly Sample[], parameter: number | string | undefined): Sample[] {
  const groups = new Map<string, { labels: Labels; samples: Sample[] }>();
  for (const sample of vector) {
    const labels = groupLabels(expr, sample.labels);
    const key = labelsKey(labels);
    const group = groups.get(key) ?? { labels, samples: [] };
    group.samples.push(sample);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ labels, samples }) => reduced(expr.operator, labels, samples, parameter));
}

function groupLabels({ without: excluding, grouping }: Aggregate, labels: Labels): Labels {
  return excluding ? without(labels, [...grouping, NAME]) : only(labels, grouping);
}

function reduced(operator: string, labels: Labels, samples: readonly Sample[], parameter: number | string | undefined): Sample[] {
  const values = samples.map(({ value }) => value);
  switch (operator) {
    case 'topk':
    case 'bottomk':
      return extremes(samples, operator === 'topk', Math.trunc(parameter as number));
    case 'count_values':
      return countValues(labels, values, parameter as string);
    default:
      return [{ labels, value: single(operator, values, parameter as number) }];
  }
}

function single(operator: string, values: readonly number[], parameter: number): number {
  switch (operator) {
    case 'sum':
      return sumOf(values);
    case 'avg':
      return meanOf(values);
    case 'count':
      return values.length;
    case 'group':
      return 1;
    case 'min':
      return values.reduce((least, value) => (least > value || Number.isNaN(least) ? value : least));
    case 'max':
      return values.reduce((most, value) => (most < value || Number.isNaN(most) ? value : most));
    case 'stdvar':
      return variance(values);
    case 'stddev':
      return Math.sqrt(variance(values));
    case 'quantile':
      return quantileOf(parameter, values);
    default:
      throw new Error(`aggregation ${operator} passed the check`);
  }
}

function variance(values: readonly number[]): number {
  let mean = values[0];
  let squares = Number.isFinite(mean) ? 0 : NaN;
  for (let i = 1; i < values.length; i++) {
    const delta = values[i] - mean;
    mean += delta / (i + 1);
    squares += delta * (values[i] - mean);
  }
  return squares / values.length;
}

/** The first k by size; NaN only where nothing else is left. */
function extremes(samples: readonly Sample[], top: boolean, k: number): Sample[] {
  const order = (a: Sample, b: Sample) => (Number.isNaN(a.value) || Number.isNaN(b.value)
    ? Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value))
    : ascending(a.value, b.value) * (top ? -1 : 1));
  return k < 1 ? [] : [...samples].sort(order).slice(0, k);
}

function countValues(labels: Labels, values: readonly number[], name: string): Sample[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(valueText(value), (counts.get(valueText(value)) ?? 0) + 1);
  return [...counts].map(([text, value]) => ({ labels: withLabels(labels, { [name]: text }), value }));
}
