import { numberValue } from 'cdk8s-myelin/lib/promql/index.js';
import { labelOf, type Labels, labelsKey, NAME, without } from './labels.js';
import type { Sample } from './values.js';

interface Bucket {
  readonly bound: number;
  count: number;
}

// What rounding alone makes of equal counts.
const TOLERANCE = 1e-12;

/** The quantile of each classic histogram, from its buckets told apart by `le`. */
export function histogramQuantile(q: number, vector: readonly Sample[]): Sample[] {
  const histograms = new Map<string, { labels: Labels; buckets: Bucket[] }>();
  for (const { labels, value } of vector) {
    const le = labelOf(labels, 'le');
    const bound = /^\+?inf$/i.test(le) ? Infinity : numberValue(le.replace(/^\+/, '')) ?? (le.startsWith('-') ? -(numberValue(le.slice(1)) ?? NaN) : NaN);
    if (Number.isNaN(bound)) continue;
    const rest = without(labels, ['le', NAME]);
    const histogram = histograms.get(labelsKey(rest)) ?? { labels: rest, buckets: [] };
    histogram.buckets.push({ bound, count: value });
    histograms.set(labelsKey(rest), histogram);
  }
  return [...histograms.values()].map(({ labels, buckets }) => ({ labels, value: quantile(q, buckets) }));
}

function quantile(q: number, unsorted: readonly Bucket[]): number {
  if (Number.isNaN(q)) return NaN;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  const buckets = monotonic(coalesced([...unsorted].sort((a, b) => (a.bound < b.bound ? -1 : a.bound > b.bound ? 1 : 0))));
  const last = buckets[buckets.length - 1];
  if (last.bound !== Infinity || buckets.length < 2 || last.count === 0) return NaN;
  const rank = q * last.count;
  const found = buckets.slice(0, -1).findIndex(({ count }) => count >= rank);
  if (found === -1) return buckets[buckets.length - 2].bound;
  if (found === 0 && buckets[0].bound <= 0) return buckets[0].bound;
  const below = found === 0 ? { bound: 0, count: 0 } : buckets[found - 1];
  return below.bound + (buckets[found].bound - below.bound) * ((rank - below.count) / (buckets[found].count - below.count));
}

function coalesced(buckets: readonly Bucket[]): Bucket[] {
  const found: Bucket[] = [];
  for (const bucket of buckets) {
    const before = found[found.length - 1];
    if (before !== undefined && before.bound === bucket.bound) {
      before.count += bucket.count;
    } else {
      found.push({ ...bucket });
    }
  }
  return found;
}

/** Counts that decrease, as rates of buckets scraped apart may, are raised to the one before. */
function monotonic(buckets: Bucket[]): Bucket[] {
  let before = buckets[0].count;
  for (const bucket of buckets.slice(1)) {
    if (bucket.count < before || nearly(before, bucket.count)) {
      bucket.count = before;
    } else {
      before = bucket.count;
    }
  }
  return buckets;
}

function nearly(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) / Math.min(Math.abs(a) + Math.abs(b), Number.MAX_VALUE) < TOLERANCE;
}
