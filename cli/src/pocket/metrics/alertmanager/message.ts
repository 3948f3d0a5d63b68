import { type Labels, sortedEntries } from '../promql/labels.js';
import { type Alert, isResolved } from './alert.js';

export interface MessageParts {
  readonly receiver: string;
  readonly groupKey: string;
  readonly groupLabels: Labels;
  readonly alerts: readonly Alert[];
  /** 0 is no limit. */
  readonly maxAlerts: number;
  readonly externalUrl: string;
  readonly now: number;
}

/** The body of a webhook, version 4, in the bytes of Alertmanager 0.25. */
export function webhookMessage(parts: MessageParts): string {
  const shown = parts.maxAlerts > 0 ? parts.alerts.slice(0, parts.maxAlerts) : parts.alerts;
  const firing = shown.some((alert) => !isResolved(alert, parts.now));
  return `${JSON.stringify({
    receiver: parts.receiver.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&'),
    status: firing ? 'firing' : 'resolved',
    alerts: shown.map((alert) => ({
      status: isResolved(alert, parts.now) ? 'resolved' : 'firing',
      labels: sorted(alert.labels),
      annotations: sorted(alert.annotations),
      startsAt: goTime(alert.startsAt),
      endsAt: isResolved(alert, parts.now) ? goTime(alert.endsAt) : '0001-01-01T00:00:00Z',
      generatorURL: alert.generatorURL,
      fingerprint: alert.fingerprint,
    })),
    groupLabels: sorted(parts.groupLabels),
    commonLabels: common(shown.map(({ labels }) => labels)),
    commonAnnotations: common(shown.map(({ annotations }) => annotations)),
    externalURL: parts.externalUrl,
    version: '4',
    groupKey: parts.groupKey,
    truncatedAlerts: parts.alerts.length - shown.length,
  }).replace(/[<>&\u2028\u2029]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

function sorted(labels: Labels): Labels {
  return Object.fromEntries(sortedEntries(labels));
}

function common([first = {}, ...rest]: readonly Labels[]): Labels {
  return Object.fromEntries(sortedEntries(first).filter(([name, value]) => rest.every((labels) => labels[name] === value)));
}

/** RFC 3339 without zeros at the end of the fraction. */
export function goTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.?0+Z$/, 'Z');
}
