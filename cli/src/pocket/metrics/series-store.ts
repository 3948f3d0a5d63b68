import { type Labels, labelOf, labelsKey, NAME } from './promql/labels.js';
import { type Matcher, matchesAll } from './promql/matcher.js';
import type { Point, Window } from './promql/rates.js';
import type { Sample, Series, SeriesSource } from './promql/values.js';

/** Says that a series has ended: no value until a newer one. */
export const STALE = null;

interface Stored {
  readonly labels: Labels;
  /** Strictly increasing. */
  readonly times: number[];
  readonly values: (number | typeof STALE)[];
}

/** Samples in memory, as long as they are kept; nothing of them survives the process. Times are Unix milliseconds. */
export class SeriesStore implements SeriesSource {
  private readonly series = new Map<string, Stored>();
  private readonly byName = new Map<string, Set<Stored>>();

  /** Takes a sample that is newer than the newest of its series; tells whether it did. */
  append(labels: Labels, time: number, value: number | typeof STALE): boolean {
    const key = labelsKey(labels);
    let stored = this.series.get(key);
    if (stored === undefined) {
      if (value === STALE) return false;
      stored = { labels, times: [], values: [] };
      this.series.set(key, stored);
      const name = labelOf(labels, NAME);
      this.byName.set(name, (this.byName.get(name) ?? new Set()).add(stored));
    }
    if (stored.times.length > 0 && stored.times[stored.times.length - 1] >= time) return false;
    stored.times.push(time);
    stored.values.push(value);
    return true;
  }

  instant(matchers: readonly Matcher[], { start, end }: Window): (Sample & { readonly t: number })[] {
    return this.matching(matchers).flatMap(({ labels, times, values }) => {
      const at = after(times, end) - 1;
      const value = at < 0 || times[at] <= start ? STALE : values[at];
      return value === STALE ? [] : [{ labels, value, t: times[at] }];
    });
  }

  range(matchers: readonly Matcher[], { start, end }: Window): Series[] {
    return this.matching(matchers).flatMap(({ labels, times, values }) => {
      const points: Point[] = [];
      for (let i = after(times, start); i < times.length && times[i] <= end; i++) {
        const v = values[i];
        if (v !== STALE) points.push({ t: times[i], v });
      }
      return points.length === 0 ? [] : [{ labels, points }];
    });
  }

  /** Forgets what is not newer than a time, and series of which nothing is left. */
  prune(until: number): void {
    for (const [key, stored] of this.series) {
      const old = after(stored.times, until);
      if (old === 0) continue;
      stored.times.splice(0, old);
      stored.values.splice(0, old);
      if (stored.times.length === 0) {
        this.series.delete(key);
        const name = labelOf(stored.labels, NAME);
        const siblings = this.byName.get(name);
        siblings?.delete(stored);
        if (siblings?.size === 0) this.byName.delete(name);
      }
    }
  }

  private matching(matchers: readonly Matcher[]): Stored[] {
    const name = matchers.find((matcher) => matcher.name === NAME && matcher.operator === '=')?.value;
    const candidates = name === undefined ? this.series.values() : this.byName.get(name) ?? [];
    return [...candidates].filter(({ labels }) => matchesAll(matchers, labels));
  }
}

/** How many times are not after a time. */
function after(times: readonly number[], time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (times[middle] <= time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
