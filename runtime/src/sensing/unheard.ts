import type { AlertTrigger, AxonDocument, AxonSensor, LedgerDocument, LedgerEvent, Release } from '../contract/documents.js';
import { placeOf } from '../ledger/guard.js';
import { liveVersions } from '../ledger/live.js';
import type { SeenEvent } from '../ledger/record.js';
import { timeOf } from '../ledger/time.js';
import type { ProgramContext } from '../shared/program.js';
import { sha256 } from '../shared/sha256.js';
import { alertEvents } from './alert-body.js';
import { Prometheus, type FiringAlert } from './prometheus.js';

/** How long the message of an alert may be on its way, in milliseconds: Alertmanager waits for others of its group, and tries again. */
const ON_ITS_WAY = 120_000;

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

/**
 * Alerts that fire and of which no message has come, as the events that their messages would have been: of each version one, and of versions that
 * are not the newest none. Alertmanager, the EventSource, the bus and the Sensor stand between a rule and its run, and each can lose a message.
 */
export function unheardAlerts(
  axon: AxonDocument, ledger: LedgerDocument, releases: readonly Release[], firing: readonly FiringAlert[], now: number,
): SeenEvent[] {
  const live = liveVersions(releases);
  return axon.sensors.filter(({ guard }) => guard !== undefined).flatMap((sensor) => sensor.triggers.flatMap((trigger) => {
    if (trigger.kind !== 'alert') return [];
    return overdue(trigger, firing, now).flatMap((alert) => eventsOf(axon, sensor, trigger, alert))
      .filter(({ event, told }) => (placeOf(event, sensor, live)?.generation ?? 0) === 0 && !isHeard(ledger, event, timeOf(told!)));
  }));
}

/** Of each version the alert that began first, if its message is overdue. */
function overdue(trigger: AlertTrigger, firing: readonly FiringAlert[], now: number): FiringAlert[] {
  const ours = firing.filter(({ labels }) => labels.alertname === trigger.alert).sort((a, b) => timeOf(b.activeAt) - timeOf(a.activeAt));
  const first = new Map(ours.map((one) => [`${one.labels.model} ${one.labels.version}`, one]));
  return [...first.values()].filter((alert) => now - firesSince(trigger, alert) >= ON_ITS_WAY);
}

function firesSince({ forSeconds = 0 }: AlertTrigger, { activeAt }: FiringAlert): number {
  return timeOf(activeAt) + forSeconds * 1000;
}

/** Alertmanager's fingerprint is not known here; anything will do that is the same for the next sweep. */
function eventsOf(axon: AxonDocument, sensor: AxonSensor, trigger: AlertTrigger, alert: FiringAlert): SeenEvent[] {
  const { labels, activeAt } = alert;
  const fingerprint = sha256(JSON.stringify([labels.model, labels.version])).slice(0, 16);
  return alertEvents({ axon, sensor, now: firesSince(trigger, alert) }, { alerts: [{ status: 'firing', labels, startsAt: activeAt, fingerprint }] });
}

/** Whether an alert about the same version is known that began no earlier: messages name the time from which it fires, which is later. */
function isHeard({ events }: LedgerDocument, { subject, model, version }: LedgerEvent, began: number): boolean {
  return Object.values(events).some((event) => event.kind === 'alert' && event.subject === subject && event.model === model
    && event.version === version && timeOf(event.runId.split('@').at(-1)!) >= began);
}
