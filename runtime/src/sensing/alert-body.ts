import { METRIC_NAME_PATTERN, VERSION_PATTERN } from '../contract/constants.js';
import type { AlertTrigger, EventData, Numbers } from '../contract/documents.js';
import type { SeenEvent } from '../ledger/record.js';
import { subjectOf } from '../ledger/triggering.js';
import { MyelinError } from '../shared/errors.js';
import { timeOf, timeText } from '../shared/time.js';
import { told, utc, type Woken } from './woken.js';

/** A message of Alertmanager's webhook receiver, version 4: what we read of it. */
export interface AlertGroup {
  readonly alerts: readonly GroupedAlert[];
}

interface GroupedAlert {
  readonly status?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: string;
  readonly fingerprint?: string;
}

export function isAlertGroup(body: unknown): body is AlertGroup {
  return typeof body === 'object' && body !== null && 'alerts' in body && Array.isArray(body.alerts);
}

/**
 * Events of the alerts of a group that fire and are the sensor's: of each version the one that began last, since Prometheus is asked the same
 * about all of them. Fails if there is none.
 * An alert is the series that it is about and when it began: Alertmanager repeats both as long as it fires.
 */
export function alertEvents(woken: Pick<Woken, 'axon' | 'sensor' | 'now'>, { alerts }: AlertGroup): SeenEvent[] {
  const seen = alerts.flatMap((alert) => alertEvent(woken, alert) ?? []).sort((a, b) => timeOf(a.told!) - timeOf(b.told!));
  if (seen.length > 0) return [...new Map(seen.map((one) => [`${one.event.model} ${one.event.version}`, one])).values()];
  const names = [...new Set(alerts.map(({ labels }) => labels?.alertname ?? 'unnamed'))].join(', ');
  throw new MyelinError('MYELIN_ALERT_FOREIGN', { alerts: names, sensor: woken.sensor.name });
}

function alertEvent(woken: Pick<Woken, 'axon' | 'sensor' | 'now'>, alert: GroupedAlert): SeenEvent | undefined {
  const { axon, sensor } = woken;
  const { labels = {}, fingerprint } = alert;
  const trigger = sensor.triggers.find((one): one is AlertTrigger => one.kind === 'alert' && one.alert === labels.alertname);
  const startsAt = utc(alert.startsAt);
  const ours = (labels.axon ?? axon.axon) === axon.axon && (labels.namespace ?? axon.namespace) === axon.namespace;
  if (alert.status === 'resolved' || trigger === undefined || startsAt === undefined || fingerprint === undefined || !ours) return undefined;
  const model = named(labels.model) ?? trigger.model;
  const data: EventData = {
    contract: 1,
    axon: axon.axon,
    namespace: axon.namespace,
    kind: 'alert',
    subject: subjectOf(sensor.name, trigger),
    phase: 'fired',
    runId: `${fingerprint}@${startsAt}`,
    metrics: numbersOf(alert.annotations ?? {}),
    alert: trigger.alert,
    startsAt,
    ...(model !== undefined && { model }),
    ...(VERSION_PATTERN.test(labels.version ?? '') && { version: labels.version }),
  };
  return told(woken, data, startsAt, timeText(woken.now));
}

function named(text: string | undefined): string | undefined {
  return text !== undefined && text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text) ? text : undefined;
}

/** Annotations that are nothing but a number. */
function numbersOf(annotations: Readonly<Record<string, string>>): Numbers {
  const numbers = Object.entries(annotations).flatMap(([name, text]) => (
    METRIC_NAME_PATTERN.test(name) && String(text).trim() !== '' && Number.isFinite(Number(text)) ? [[name, Number(text)] as const] : []));
  return Object.fromEntries(numbers.slice(0, 100));
}
