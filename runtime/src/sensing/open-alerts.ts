import type { AlertTrigger, AxonDocument, AxonSensor, LedgerDocument, LedgerEvent, Release } from '../contract/documents.js';
import { placeOf } from '../ledger/guard.js';
import { liveVersions } from '../ledger/live.js';
import type { SeenEvent } from '../ledger/record.js';
import { renewal } from '../ledger/renewal.js';
import type { ProgramContext } from '../shared/program.js';
import { sha256 } from '../shared/sha256.js';
import { timeOf } from '../shared/time.js';
import { alertEvents } from './alert-body.js';
import { Prometheus, type FiringAlert } from './prometheus.js';

/** How long the message of an alert may be on its way, in milliseconds: Alertmanager waits for others of its group, and tries again. */
const ON_ITS_WAY = 120_000;

/** Whether some sensor of an axon has an alert, and a guard for it. */
export function isAlerted({ sensors }: AxonDocument): boolean {
  return sensors.some(({ guard, triggers }) => guard !== undefined && triggers.some(({ kind }) => kind === 'alert'));
}

/** The alerts of an axon that fire now; none, with a warning, when Prometheus cannot say. */
export async function firingAlerts({ fetch, signal, log }: ProgramContext, { axon, namespace, prometheus }: AxonDocument): Promise<FiringAlert[]> {
  if (prometheus === undefined) return [];
  try {
    return await new Prometheus(prometheus.url, fetch, signal).firing({ axon, namespace });
  } catch (error) {
    // The rest of a sweep does without; the next one asks again.
    log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'nobody can say which alerts fire');
    return [];
  }
}

/** What is known of the world when alerts are looked for. */
export interface AlertWorld {
  readonly releases: readonly Release[];
  readonly firing: readonly FiringAlert[];
  /** Models that some run trains or deploys now. */
  readonly busy: ReadonlySet<string>;
  /** In milliseconds. */
  readonly now: number;
}

/**
 * Alerts about newest versions that fire and about which nothing is done, as events. Of one no message has come: Alertmanager, the EventSource, the bus
 * and the Sensor stand between a rule and its run, and each can lose it. What another has led to is over, and it goes on.
 */
export function openAlerts(axon: AxonDocument, ledger: LedgerDocument, { releases, firing, busy, now }: AlertWorld): SeenEvent[] {
  const live = liveVersions(releases);
  return axon.sensors.filter(({ guard }) => guard !== undefined).flatMap((sensor) => sensor.triggers.flatMap((trigger) => {
    if (trigger.kind !== 'alert') return [];
    return firstOfVersions(trigger, firing).flatMap((alert) => {
      const untold = eventOf(axon, sensor, trigger, alert);
      const place = untold && placeOf(untold.event, sensor, live);
      if (untold === undefined || (place?.generation ?? 0) !== 0 || (place !== undefined && busy.has(place.model))) return [];
      const told = lastTold(ledger, untold.event, timeOf(alert.activeAt));
      if (told !== undefined) return renewal({ axon, sensor, ledger, releases, now }, ...told, sha256) ?? [];
      // Without a time that was told: Prometheus says it now, so it is no late duplicate.
      return now - firesSince(trigger, alert) >= ON_ITS_WAY ? [{ id: untold.id, event: untold.event }] : [];
    });
  }));
}

/** Of each version the alert that began first: Prometheus is asked about versions, not about series. */
function firstOfVersions(trigger: AlertTrigger, firing: readonly FiringAlert[]): FiringAlert[] {
  const ours = firing.filter(({ labels }) => labels.alertname === trigger.alert).sort((a, b) => timeOf(b.activeAt) - timeOf(a.activeAt));
  return [...new Map(ours.map((one) => [`${one.labels.model} ${one.labels.version}`, one])).values()];
}

function firesSince({ forSeconds = 0 }: AlertTrigger, { activeAt }: FiringAlert): number {
  return timeOf(activeAt) + forSeconds * 1000;
}

/** The event of an alert's message. Alertmanager's fingerprint is not known here; anything will do that is the same for the next sweep. */
function eventOf(axon: AxonDocument, sensor: AxonSensor, trigger: AlertTrigger, alert: FiringAlert): SeenEvent | undefined {
  const { labels, activeAt } = alert;
  const fingerprint = sha256(JSON.stringify([labels.model, labels.version])).slice(0, 16);
  return alertEvents({ axon, sensor, now: firesSince(trigger, alert) }, { alerts: [{ status: 'firing', labels, startsAt: activeAt, fingerprint }] })[0];
}

/** The last known alert about the same version that began no earlier: messages name the time from which it fires, which is later. */
function lastTold({ events }: LedgerDocument, { subject, model, version }: LedgerEvent, began: number): [id: string, event: LedgerEvent] | undefined {
  return Object.entries(events).filter(([, event]) => event.kind === 'alert' && event.subject === subject && event.model === model
    && event.version === version && timeOf(event.runId.split('@').at(-1)!) >= began)
    .sort(([a, one], [b, other]) => timeOf(other.at) - timeOf(one.at) || (a < b ? 1 : -1))[0];
}
