import type { AxonDocument, AxonSensor, LedgerDocument, LedgerEvent, LedgerModel, LedgerSet, Release, SensorGuard } from '../contract/documents.js';
import type { Digest } from './digest.js';
import { eventId } from './event-id.js';
import { freeSince, guarded, modelOf, placeOf } from './guard.js';
import { liveVersions } from './live.js';
import type { SeenEvent } from './record.js';
import { setsOf } from './sets.js';
import { timeOf, timeText } from './time.js';
import { fires } from './triggering.js';

/** Least time that what a retraining brings about has before its alert is looked at again, in milliseconds: images are built, servers get ready. */
const SETTLING = 300_000;

/** How long a deployment may go on, in milliseconds: its step has an hour, and may be made again. One that was lost for good stays in the history. */
const DEPLOYING = 2 * 3600 * 1000;

/** What a refusal says of the alert itself: that is so as long as it goes on. */
const DENIALS: readonly string[] = ['no-longer-firing', 'older-generation', 'retired-version'];

/**
 * Alerts that may still go on, as further events. A retraining may fail, or its model be refused, and Alertmanager then only repeats the alert, which
 * is the same event. So an alert that was used, or refused by a condition, and that no newer version answers, is looked at again once the guard
 * would let it; whether it fires is for the gate to ask. The id follows from the alert and from how often it was renewed.
 */
export function renewals(ledger: LedgerDocument, axon: AxonDocument, releases: readonly Release[], now: number, digest: Digest): SeenEvent[] {
  return axon.sensors.flatMap((sensor) => {
    const { guard } = sensor;
    if (guard === undefined) return [];
    const model = modelOf(ledger, guarded(sensor)!);
    const free = freeSince(model, guard, now);
    if (free === undefined) return [];
    return newestAlerts(ledger, sensor).flatMap(([id, event]) => {
      const set = setsOf(ledger, sensor.name).find(({ events }) => events.includes(id));
      if (set === undefined || !mayComeAgain(set) || isAnswered(event, sensor, releases, timeOf(set.at), now)) return [];
      const since = Math.max(free, endOf(set, model) + pauseOf(guard));
      if (since > now) return [];
      const runId = again(event.runId);
      const { kind, subject, phase } = event;
      return [{ id: eventId({ axon: axon.axon, kind, subject, runId, phase }, digest), event: { ...event, runId, at: timeText(since) } }];
    });
  });
}

/** Whether some sensor of an axon has an alert, and a guard for it. */
export function isAlerted({ sensors }: AxonDocument): boolean {
  return sensors.some(({ guard, triggers }) => guard !== undefined && triggers.some(({ kind }) => kind === 'alert'));
}

/** Of each trigger and version the alert that came last, with its id. */
function newestAlerts(ledger: LedgerDocument, { name, triggers }: AxonSensor): [id: string, event: LedgerEvent][] {
  const alerts = triggers.filter(({ kind }) => kind === 'alert');
  const ours = Object.entries(ledger.events).filter(([, event]) => alerts.some((trigger) => fires(name, trigger, event)));
  ours.sort(([a, one], [b, other]) => timeOf(one.at) - timeOf(other.at) || (a < b ? -1 : 1));
  return [...new Map(ours.map((entry) => [`${entry[1].subject} ${entry[1].model} ${entry[1].version}`, entry])).values()];
}

function mayComeAgain(set: LedgerSet): boolean {
  return set.decision === 'consumed' || (set.decision === 'refused' && !set.reasons.some(({ code }) => DENIALS.includes(code)));
}

/** Whether the alert is not about the newest version, or the model has got another one since, or gets one now. Without a model nobody could tell. */
function isAnswered(event: LedgerEvent, sensor: AxonSensor, releases: readonly Release[], decided: number, now: number): boolean {
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
