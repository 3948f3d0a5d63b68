import type { AxonDocument, AxonSensor, LedgerDocument, LedgerEvent, LedgerModel, LedgerSet, Release, SensorGuard } from '../contract/documents.js';
import { timeOf, timeText } from '../shared/time.js';
import type { Digest } from './digest.js';
import { eventId } from './event-id.js';
import { freeSince, guarded, modelOf, placeOf, SETTLING } from './guard.js';
import { deployingVersion, liveVersions } from './live.js';
import type { SeenEvent } from './record.js';
import { SensorSets, setsOf } from './sets.js';
import { waitsFor } from './triggering.js';

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
  if (sensor.guard === undefined || set === undefined || isWaiting(known, set) || isAnswered(known, event, set)) return undefined;
  const model = modelOf(ledger, guarded(sensor)!);
  const since = Math.max(freeSince(model, sensor.guard, now) ?? Infinity, endOf(set, model) + pauseOf(sensor.guard));
  if (since > now) return undefined;
  const runId = again(event.runId);
  const { kind, subject, phase } = event;
  // After every other alert of its trigger: one that was decided spends what came before it.
  const others = Object.values(ledger.events).filter((one) => one.kind === kind && one.subject === subject);
  const at = timeText(Math.max(since, ...others.map((one) => timeOf(one.at) + 1)));
  return { id: eventId({ axon: axon.axon, kind, subject, runId, phase }, digest), event: { ...event, runId, at } };
}

/** Whether a set was put off and its time will come. */
function isWaiting({ axon, sensor, ledger }: Known, set: LedgerSet): boolean {
  return set.decision === 'deferred' && new SensorSets(ledger, axon, sensor).deferred().includes(set);
}

/** Whether the alert is not about the newest version, or the model has got another one since, or may get one. Without a model nobody could tell. */
function isAnswered(known: Known, event: LedgerEvent, { at, run }: LedgerSet): boolean {
  const { sensor, releases, now } = known;
  const place = placeOf(event, sensor, liveVersions(releases));
  if (place === undefined || (place.generation ?? 0) !== 0) return true;
  const isNewer = (release: Release) => release.model === place.model && release.state === 'live' && timeOf(release.at) > timeOf(at);
  return releases.some(isNewer) || deployingVersion(releases, place.model, now) !== undefined || hasCandidate(known, place.model, run);
}

/** Whether what a run has trained still waits to be deployed, for another event or for somebody's word. */
function hasCandidate({ axon, ledger }: Known, model: string, run: string): boolean {
  const ends = Object.entries(ledger.events).filter(([, event]) => event.kind === 'task' && event.runId === run);
  return axon.sensors.filter(({ runs }) => runs.flat().includes(model)).some((deployer) => {
    const sets = new SensorSets(ledger, axon, deployer);
    return ends.some(([id, event]) => waitsFor(deployer, event) && !sets.isSpent(id, event));
  });
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
