import { type Labels, labelOf, sortedEntries } from '../promql/labels.js';
import { fingerprint } from './fingerprint.js';

/** An alert as Alertmanager holds it. Times are Unix milliseconds. */
export interface Alert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAt: number;
  /** When it is resolved; in the future while it fires. */
  readonly endsAt: number;
  readonly generatorURL: string;
  readonly updatedAt: number;
  /** Whether `endsAt` is a guess, since the sender gave none. */
  readonly timeout: boolean;
  readonly fingerprint: string;
}

/** What senders say of an alert. */
export interface PostedAlert {
  readonly labels: Labels;
  readonly annotations?: Labels;
  readonly startsAt?: number;
  readonly endsAt?: number;
  readonly generatorURL?: string;
}

const RESOLVE_TIMEOUT_MS = 300_000;

export function alertOf(posted: PostedAlert, now: number): Alert {
  return {
    labels: posted.labels,
    annotations: posted.annotations ?? {},
    startsAt: posted.startsAt ?? posted.endsAt ?? now,
    endsAt: posted.endsAt ?? now + RESOLVE_TIMEOUT_MS,
    generatorURL: posted.generatorURL ?? '',
    updatedAt: now,
    timeout: posted.endsAt === undefined,
    fingerprint: fingerprint(posted.labels),
  };
}

export function isResolved({ endsAt }: Alert, now: number): boolean {
  return endsAt <= now;
}

/** A known alert with what is newly said of it: one alert where the two overlap in time. */
export function merged(old: Alert, fresh: Alert, now: number): Alert {
  const overlap = (fresh.endsAt > old.startsAt && fresh.endsAt < old.endsAt) || (fresh.startsAt > old.startsAt && fresh.startsAt < old.endsAt);
  if (!overlap) return fresh;
  const oldEndCounts = isResolved(fresh, now) ? isResolved(old, now) : !old.timeout;
  return {
    ...fresh,
    startsAt: Math.min(old.startsAt, fresh.startsAt),
    endsAt: oldEndCounts && old.endsAt > fresh.endsAt ? old.endsAt : fresh.endsAt,
  };
}

/** By job, by instance, then by all labels, as messages list alerts. */
export function byLabels(a: Alert, b: Alert): number {
  for (const name of ['job', 'instance']) {
    const [x, y] = [labelOf(a.labels, name), labelOf(b.labels, name)];
    if (x !== y) return x === '' ? 1 : y === '' ? -1 : x < y ? -1 : 1;
  }
  return before(a.labels, b.labels);
}

function before(a: Labels, b: Labels): number {
  const [left, right] = [sortedEntries(a), sortedEntries(b)];
  if (left.length !== right.length) return left.length - right.length;
  for (const [i, [name, value]] of left.entries()) {
    const [otherName, otherValue] = right[i];
    // Who lacks the first name that is not common comes first.
    if (name !== otherName) return name < otherName ? 1 : -1;
    if (value !== otherValue) return value < otherValue ? -1 : 1;
  }
  return 0;
}
