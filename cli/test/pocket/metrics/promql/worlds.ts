import type { Labels } from '../../../../src/pocket/metrics/promql/labels.js';
import type { Written } from '../remote-write.js';

/** Chance that gives the same for the same seed (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    /* eslint-disable no-bitwise -- the generator is defined on 32 bits */
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
    /* eslint-enable no-bitwise */
  };
}

export type Random = () => number;

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)];
}

/** Samples of half an hour that end at a time: counters with resets, gauges with holes, series that end, values that are no numbers. */
export function world(random: Random, end: number): Written[] {
  const written: Written[] = [];
  const each = (labels: Labels, next: (before: number) => number, first: number, stale = 0.01) => {
    const interval = pick(random, [5000, 15_000, 15_000, 30_000]);
    let value = first;
    for (let time = end - 1_800_000 + Math.floor(random() * 600_000) * Number(random() < 0.3); time <= end; time += interval) {
      if (random() < 0.04) continue;
      if (random() < stale) {
        written.push({ labels, time, value: null });
        time += Math.floor(random() * 400_000);
        continue;
      }
      value = next(value);
      written.push({ labels, time: time + Math.floor(random() * 20), value });
    }
  };
  for (const model of ['a', 'b']) {
    for (const version of ['v1', 'v2', 'v3']) {
      for (const pod of ['p1', 'p2']) {
        const labels = { namespace: 'default', axon: 'digits', model, version, pod };
        each({ __name__: 'feedback_total', ...labels }, (before) => (random() < 0.02 ? 0 : before + Math.floor(random() * 20)), Math.floor(random() * 50));
        each({ __name__: 'feedback_correct_total', ...labels }, (before) => (random() < 0.02 ? 0 : before + Math.floor(random() * 17)), 0);
      }
      each({ __name__: 'accuracy', axon: 'digits', model, version }, () => pick(random, [random(), random(), random() * 100, NaN, 0, -random()]), 0);
    }
    each({ __name__: 'strange', model }, () => pick(random, [Infinity, -Infinity, NaN, 0, -0, 1e308, -1e308, 5, 1e-300]), 0);
    each({ __name__: 'flat', model }, () => 7, 7);
    let counts = [0, 0, 0, 0];
    each({ __name__: 'clock', model }, () => 1, 1, 0);
    for (const [i, le] of ['0.1', '0.5', '1', '+Inf'].entries()) {
      each({ __name__: 'latency_bucket', model, le }, () => (counts = counts.map((n, k) => n + Math.floor(random() * 3 * (k + 1))))[i], 0, 0);
    }
  }
  return written.sort((x, y) => x.time - y.time);
}
