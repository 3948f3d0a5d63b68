import type { AxonDocument, AxonSensor, LedgerDocument, LedgerEvent, LedgerModel, LedgerSet, Release, SensorGuard } from '../contract/documents.js';
import type { Digest } from './digest.js';
import { eventId } from './event-id.js';
import { freeSince, guarded, modelOf, placeOf } from './guard.js';
import { liveVersions } from './live.js';
import type { SeenEvent } from './record.js';
import { setsOf } from './sets.js';
import { timeOf, timeText } from './time.js';

/** Least time that what a retraining brings about has before its alert is looked at again, in milliseconds: images are built, servers get ready. */
const SETTLING = 300_000;

/** How long a deployment may go on, in milliseconds: its step has an hour, and may be made again. One that was lost for good stays in the history. */
const DEPLOYING = 2 * 3600 * 1000;

/** What is known when an alert of a sensor goes on. */
export interface Known {
  readonly axon: AxonDocument;
  readonly sensor: AxonSensor;
  readonly ledger: LedgerDocument;
  readonly releases: readonly Release[];
  /** In milliseconds. */
  readonly now: number;
}

/**
 * An alert that goes on, as a further event; undefined while something is done about it. A retraining may fail, or its model be refused, and
 * Alertmanager then only repeats the alert, which is the same event. So an alert that was used or refused, and that no newer version answers, comes
 * again once the guard would let it. The id follows from the alert and from how often it was renewed.
 */
export function renewal(known: Known, id: string, event: LedgerEvent, digest: Digest): SeenEvent | undefined {
  const { axon, sensor, ledger, now } = known;
  const set = setsOf(ledger, sensor.name).find(({ events }) => events.includes(id));
  if (sensor.guard === undefined || set === undefined || set.decision === 'deferred' || isAnswered(known, event, timeOf(set.at))) return undefined;
  const model = modelOf(ledger, guarded(sensor)!);
  const since = Math.max(freeSince(model, sensor.guard, now) ?? Infinity, endOf(set, model) + pauseOf(sensor.guard));
  if (since > now) return undefined;
  const runId = again(event.runId);
  const { kind, subject, phase } = event;
  return { id: eventId({ axon: axon.axon, kind, subject, runId, phase }, digest), event: { ...event, runId, at: timeText(since) } };
}

/** Whether the alert is not about the newest version, or the model has got another one since, or gets one now. Without a model nobody could tell. */
function isAnswered({ sensor, releases, now }: Known, event: LedgerEvent, decided: number): boolean {
  const place = placeOf(event, sensor, liveVersions(releases));
  if (place === undefined || (place.generation ?? 0) !== 0) return true;
  return releases.some(({ model, state, at }) => model === place.model
    && ((state === 'live' && timeOf(at) > decided) || (state === 'deploying' && timeOf(at) > now - DEPLOYING)));
}

/** When what a set led to was over, as far as the ledger knows. */
function endOf({ at, run }: LedgerSet, { retrains }: LedgerModel): number {
  return timeOf(retrains.find((one) => one.run === run)?.ended ?? at);
}

function pauseOf({ cooldownSeconds }: SensorGuard): number {
  return Math.max(cooldownSeconds * 1000, SETTLING);
}

/** `f@s`, `f~2@s`, `f~3@s`: the alert of fingerprint f that began at s. */
function again(runId: string): string {
  const [, fingerprint, times = '1', start] = /^(.*?)(?:~(\d+))?(@.*)?$/s.exec(runId)!;
  return `${fingerprint}~${Number(times) + 1}${start ?? ''}`;
}
