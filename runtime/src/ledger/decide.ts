import type { AxonDocument, AxonSensor, DecisionReason, LedgerDocument, LedgerSet, SeenNumber } from '../contract/documents.js';
import { timeText } from '../shared/time.js';
import { judge, type Facts } from './conditions.js';
import type { Digest } from './digest.js';
import { guard, guarded, modelOf, withRetrain } from './guard.js';
import { own } from './own.js';
import { prune } from './prune.js';
import { setsOf, SensorSets } from './sets.js';
import { fires, gives } from './triggering.js';
import { versionOf } from './version.js';

/**
 * What a run may do. `pass`: go on. `waiting`: its event's set is not complete, or another run must have it. `taken`: another run has the set, or a
 * newer event spent the run's. `already-ran`: another Workflow of this name decided. `refused` and `deferred`: the set is complete and must not run, or not yet.
 */
export type Decision = 'pass' | 'waiting' | 'taken' | 'already-ran' | 'refused' | 'deferred';

/** A Workflow: one that is made again under the same name has another uid. */
export interface Run {
  readonly name: string;
  readonly uid: string;
}

/** Answer of the ledger to a run. */
export interface Answer {
  readonly decision: Decision;
  /** Ids of the decided set, sorted; none when there is no set. */
  readonly events: readonly string[];
  /** Of what the run makes; only with `pass`. */
  readonly version?: string;
  /** Why the run must not go on. */
  readonly reasons: readonly DecisionReason[];
  /** Earliest next start, RFC 3339 in UTC; only with `deferred`. */
  readonly until?: string;
}

/** What a run asks. */
export interface Question {
  readonly sensor: AxonSensor;
  readonly run: Run;
  /** Ids of the events that woke it, which the ledger holds; all of its set where sweep started it. Their calls have given it its arguments. */
  readonly woke: readonly string[];
}

/** What must be asked of the world before a set can be decided. */
export interface Needs {
  readonly events: readonly string[];
  /** Alert events of which Prometheus must say whether they fire. */
  readonly alerts: readonly string[];
  /** PromQL of conditions. */
  readonly queries: readonly string[];
}

/** An answer, or what must be known before there is one. */
export type Outcome = { readonly answer: Answer } | { readonly needs: Needs };

/** What follows from the ledger alone: an answer, or the set that is to be decided. */
export function preview(ledger: LedgerDocument, axon: AxonDocument, question: Question): Outcome {
  const { sensor, run, woke } = question;
  const mine = setsOf(ledger, sensor.name).find((set) => set.run === run.name);
  if (mine !== undefined) return { answer: mine.uid === run.uid ? answerOf(mine) : ALREADY_RAN };
  const sets = new SensorSets(ledger, axon, sensor);
  const candidates = [...sets.complete(), ...sets.deferred().map(({ events }) => events)];
  const held = woke.flatMap((id) => candidates.filter((set) => set.includes(id)))[0];
  if (held !== undefined && !lacksArguments(ledger, question, held)) return { needs: needsOf(ledger, sensor, held) };
  const isOpen = (id: string) => {
    const event = own(ledger.events, id);
    return event !== undefined && !sets.isSpent(id, event);
  };
  return { answer: { decision: woke.some(isOpen) ? 'waiting' : 'taken', events: [], reasons: [] } };
}

/**
 * Decides the set that holds the events that woke a run, and writes it down under the run's name and uid; asked again, it finds that and
 * answers the same. When the set is another one than the facts were gathered for, `result` says what must be asked.
 */
export function decide(
  ledger: LedgerDocument, axon: AxonDocument, question: Question, facts: Facts, now: number, digest: Digest,
): { readonly next: LedgerDocument; readonly result: Outcome } {
  const result = preview(ledger, axon, question);
  if ('answer' in result || !isKnown(result.needs, facts)) return { next: ledger, result };
  const set = decided(ledger, question, result.needs.events, facts, now, digest);
  return { next: prune(withSet(ledger, question.sensor, set, now), axon, new Set(set.events)), result: { answer: answerOf(set) } };
}

const ALREADY_RAN: Answer = {
  decision: 'already-ran', events: [], reasons: [{ code: 'already-ran', message: 'a Workflow of this name has run before: made again, it starts nothing' }],
};

function decided(ledger: LedgerDocument, { sensor, run }: Question, ids: readonly string[], facts: Facts, now: number, digest: Digest): LedgerSet {
  const judged = { ledger, sensor, events: ids.map((id) => ledger.events[id]!), facts };
  const found = sensor.conditions.map((condition) => judge(condition, judged));
  const watch = guard(judged, ids, now);
  const refusals = [...watch.refusals, ...found.flatMap(({ reasons }) => reasons)];
  const numbers: SeenNumber[] = [...found.flatMap((one) => one.numbers), ...watch.numbers];
  const common = { run: run.name, uid: run.uid, events: [...ids], at: timeText(now), numbers };
  if (refusals.length > 0) return { decision: 'refused', ...common, reasons: [...refusals, ...watch.deferrals] };
  if (watch.deferrals.length > 0) return { decision: 'deferred', ...common, until: timeText(watch.until), reasons: [...watch.deferrals] };
  return { decision: 'consumed', ...common, version: versionOf(ids, digest) };
}

/** Of a set that was deferred before, the former entry goes. */
function withSet(ledger: LedgerDocument, sensor: AxonSensor, set: LedgerSet, now: number): LedgerDocument {
  const others = setsOf(ledger, sensor.name).filter(({ events }) => !events.some((id) => set.events.includes(id)));
  const sensors = { ...ledger.sensors, [sensor.name]: { sets: [...others, set] } };
  const key = guarded(sensor);
  if (key === undefined || set.decision !== 'consumed') return { ...ledger, sensors };
  const model = withRetrain(modelOf(ledger, key), set.run, sensor, now);
  return { ...ledger, sensors, models: { ...ledger.models, [key]: model } };
}

/** Whether calls of a set give parameters that the run has not got, since another event woke it: sweep starts one that has. */
function lacksArguments({ events }: LedgerDocument, { sensor, woke }: Question, set: readonly string[]): boolean {
  return set.some((id) => !woke.includes(id) && gives(sensor, events[id]!));
}

function needsOf(ledger: LedgerDocument, sensor: AxonSensor, events: readonly string[]): Needs {
  const isAlert = (id: string) => sensor.triggers.some((trigger) => trigger.kind === 'alert' && fires(sensor.name, trigger, ledger.events[id]!));
  return {
    events,
    alerts: sensor.guard === undefined ? [] : events.filter(isAlert),
    queries: [...new Set(sensor.conditions.flatMap((condition) => (condition.kind === 'promql' ? [condition.expression] : [])))],
  };
}

function isKnown({ alerts, queries }: Needs, facts: Facts): boolean {
  return alerts.every((id) => own(facts.firing, id) !== undefined) && queries.every((query) => own(facts.samples, query) !== undefined);
}

function answerOf(set: LedgerSet): Answer {
  switch (set.decision) {
    case 'consumed': return { decision: 'pass', events: set.events, version: set.version, reasons: [] };
    case 'refused': return { decision: 'refused', events: set.events, reasons: set.reasons };
    case 'deferred': return { decision: 'deferred', events: set.events, reasons: set.reasons, until: set.until };
  }
}
