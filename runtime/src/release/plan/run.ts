import type { LedgerDocument, LedgerEvent, ModelDocument, Release } from '../../contract/documents.js';
import { MyelinError } from '../../shared/errors.js';

/** What an attempt to deploy is given. */
export interface Attempt {
  readonly version: string;
  /** Ids of the triggering events. */
  readonly events: readonly string[];
  /** Images by model server, where a run built them; others are in the document. */
  readonly images: Readonly<Record<string, string>>;
  /** When it begins, RFC 3339 in UTC. */
  readonly at: string;
}

/**
 * The release that an attempt begins: which runs it serves, what they reported, and what led to it.
 * Of each trainer that is the run among the triggering events, else its last succeeded one.
 *
 * Fails if a trainer has no run, for which there is nothing to serve.
 */
export function newRelease(document: ModelDocument, attempt: Attempt, ledger: LedgerDocument): Release {
  const backends = document.models.flatMap((node) => node.backends);
  const trainers = [...new Set(backends.map(({ trainer }) => trainer))].sort();
  const runs = Object.fromEntries(trainers.map((trainer) => [trainer, servedRun(trainer, attempt.events, ledger)]));
  const events = trainers.map((trainer) => ({ trainer, event: eventOf(ledger, trainer, runs[trainer]!) }));
  const trained = (trainer: string): string | undefined => events.find((entry) => entry.trainer === trainer)!.event?.image;
  const servers = new Map(backends.map(({ server }) => [server.name, attempt.images[server.name] ?? server.image]));
  const dataHash = first(events.map(({ trainer, event }) => event?.dataHash ?? hashOfLast(ledger, trainer, runs[trainer]!)));
  const codeRevision = first(events.map(({ event }) => event?.codeRevision));
  return {
    model: document.model,
    version: attempt.version,
    state: 'deploying',
    events: [...new Set(attempt.events)].sort(),
    runs,
    metrics: Object.fromEntries(events.flatMap(({ trainer, event }) => (event === undefined ? [] : [[trainer, event.metrics]]))),
    ...(codeRevision !== undefined && { codeRevision }),
    images: Object.fromEntries([
      ...trainers.flatMap((trainer) => (trained(trainer) === undefined ? [] : [[trainer, trained(trainer)!]])),
      ...servers,
    ]),
    ...(dataHash !== undefined && { dataHash }),
    at: attempt.at,
    why: reason(attempt.events, ledger, runs),
  };
}

function servedRun(trainer: string, events: readonly string[], ledger: LedgerDocument): string {
  const triggering = events.map((id) => ledger.events[id]).filter((event) => event !== undefined && isSuccess(event, trainer));
  // Of several the last: their order in the set is that of their hashes.
  const latest = triggering.sort((a, b) => (a!.at < b!.at ? -1 : 1)).at(-1);
  const runId = latest?.runId ?? ledger.tasks[trainer]?.runId;
  if (runId === undefined) throw new MyelinError('MYELIN_RELEASE_RUN_UNKNOWN', { trainer });
  return runId;
}

function eventOf(ledger: LedgerDocument, trainer: string, runId: string): LedgerEvent | undefined {
  return Object.values(ledger.events).find((event) => event.runId === runId && isSuccess(event, trainer));
}

function hashOfLast(ledger: LedgerDocument, trainer: string, runId: string): string | undefined {
  const last = ledger.tasks[trainer];
  return last?.runId === runId ? last.dataHash : undefined;
}

function isSuccess(event: LedgerEvent, task: string): boolean {
  return event.kind === 'task' && event.subject === task && event.phase === 'succeeded';
}

/** `train succeeded in digits-decayed-4f0b6d9a21, started by the alert decayed`, at most 500 characters. */
function reason(ids: readonly string[], ledger: LedgerDocument, runs: Readonly<Record<string, string>>): string {
  const told = ids.map((id) => ledger.events[id]).filter((event) => event !== undefined).map((event) => {
    const starter = event.kind === 'task' ? starterOf(event.runId, ledger) : undefined;
    return `${phrase(event)}${starter === undefined ? '' : `, started by ${starter}`}`;
  });
  if (told.length === 0) told.push(...Object.entries(runs).map(([trainer, runId]) => `${trainer} succeeded in ${runId}`));
  return told.join(' and ').slice(0, 500);
}

/** What started a run, in words; undefined for a task's event and when it is forgotten. */
function starterOf(run: string, ledger: LedgerDocument): string | undefined {
  const sets = Object.values(ledger.sensors).flatMap((sensor) => sensor.sets);
  const held = sets.find((set) => set.decision === 'consumed' && set.run === run);
  const starters = (held?.events ?? []).map((id) => ledger.events[id]).filter((event) => event !== undefined && event.kind !== 'task');
  return starters.length === 0 ? undefined : starters.map((event) => phrase(event!)).join(' and ');
}

function phrase({ kind, subject, phase, runId }: LedgerEvent): string {
  switch (kind) {
    case 'task': return `${subject} ${phase} in ${runId}`;
    case 'alert': return `the alert ${subject}`;
    case 'rest': return `the call ${subject}`;
    case 'calendar': return `the schedule ${subject}`;
    case 'once': return `the sensor ${subject}, which runs once`;
  }
}

function first<T>(values: readonly (T | undefined)[]): T | undefined {
  return values.find((value) => value !== undefined);
}
