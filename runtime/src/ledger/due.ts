import type { AxonDocument, AxonSensor, LedgerDocument } from '../contract/documents.js';
import { timeOf } from '../shared/time.js';
import { Companions } from './companions.js';
import type { Digest } from './digest.js';
import { guarded, modelOf } from './guard.js';
import { SensorSets } from './sets.js';
import { gives } from './triggering.js';

/** Longest time between two attempts at a set whose runs end without an answer, in milliseconds. */
const LONGEST_PAUSE = 6 * 3600 * 1000;

/** A set that should have a run. */
export interface Due {
  readonly sensor: AxonSensor;
  /** Ids, sorted. */
  readonly events: readonly string[];
  /** Tells apart the times that one set becomes due: it was deferred in between. */
  readonly occasion: string;
}

/** What became of a run: still going, or since when (in milliseconds) it is not. */
export type RunState = { readonly ended?: number } | undefined;

/**
 * The sets that a run should be started for: complete ones about which nothing was decided for longer than `grace` milliseconds (their event's
 * own run was lost), and deferred ones whose time has come; of a guard's deferred sets the newest only, and none while a retrain runs, since
 * all others would only be deferred again.
 */
export function due(ledger: LedgerDocument, axon: AxonDocument, now: number, grace: number): Due[] {
  const companions = new Companions(ledger, axon);
  const newestOf = (events: readonly string[]) => Math.max(...events.map((id) => timeOf(ledger.events[id]!.at)));
  const found: Due[] = [];
  const asked = new Set<string>();
  for (const sensor of axon.sensors) {
    const sets = new SensorSets(ledger, axon, sensor, companions);
    for (const events of sets.complete()) {
      // Where calls give arguments, no run of another event decides, however often one comes.
      const giving = events.filter((id) => gives(sensor, ledger.events[id]!));
      if (now - newestOf(giving.length > 0 ? giving : events) >= grace) found.push({ sensor, events, occasion: '' });
    }
    const ready = sets.deferred().filter(({ until }) => timeOf(until) <= now).sort((a, b) => newestOf(b.events) - newestOf(a.events));
    const key = guarded(sensor);
    for (const { events, until } of ready) {
      if (key !== undefined) {
        if (asked.has(key) || modelOf(ledger, key).running !== undefined) break;
        asked.add(key);
      }
      found.push({ sensor, events, occasion: until });
    }
  }
  return found;
}

/**
 * Name of the Workflow to start for a set, or undefined when one is on its way or failed too short a time ago. It follows from the set and
 * from the attempts that came to nothing, so that two sweeps at once start one.
 */
export function nextRun(axon: string, set: Due, stateOf: (name: string) => RunState, now: number, digest: Digest): string | undefined {
  const { sensor, events, occasion } = set;
  for (let attempt = 0; ; attempt++) {
    const name = `${axon}-${sensor.name}-${digest(JSON.stringify([sensor.name, events, occasion, attempt])).slice(0, 10)}`;
    const state = stateOf(name);
    if (state === undefined) return name;
    if (state.ended === undefined || now - state.ended < Math.min(60_000 * 2 ** attempt, LONGEST_PAUSE)) return undefined;
  }
}
