import { type Labels, labelsKey, NAME, withLabels, without } from '../promql/labels.js';
import type { Sample } from '../promql/values.js';
import type { Rule } from './rule.js';
import { type AlertData, expandTemplate } from './template.js';

/** An alert of one series. Times are Unix milliseconds. */
export interface ActiveAlert {
  readonly labels: Labels;
  annotations: Labels;
  value: number;
  state: 'pending' | 'firing' | 'inactive';
  readonly activeAt: number;
  firedAt?: number;
  resolvedAt?: number;
  /** Since when the condition no longer holds while `keep_firing_for` keeps it. */
  keptSince?: number;
  sentAt?: number;
  /** When Alertmanager may take it for resolved, unless it is sent again. */
  validUntil?: number;
}

// Resolved alerts are told again for so long, since a message may be lost.
const RESOLVED_RETENTION_MS = 15 * 60_000;
export const RESEND_DELAY_MS = 60_000;

/** The alerts of one rule: from pending over firing to resolved, at evaluations of the caller's choosing. */
export class AlertRule {
  private active = new Map<string, ActiveAlert>();

  constructor(readonly rule: Rule & { readonly alert: string }) {}

  /** Takes the result of the expression at a time. Fails when two of its series give one alert. */
  evaluate(vector: readonly Sample[], at: number): void {
    const found = this.alertsOf(vector, at);
    for (const [key, fresh] of found) {
      const known = this.active.get(key);
      if (known === undefined || known.state === 'inactive') {
        this.active.set(key, fresh);
      } else {
        known.value = fresh.value;
        known.annotations = fresh.annotations;
      }
    }
    for (const [key, alert] of this.active) {
      if (found.has(key)) {
        alert.keptSince = undefined;
      } else if (!this.keeps(alert, at)) {
        this.end(key, alert, at);
        continue;
      }
      if (alert.state === 'pending' && at - alert.activeAt >= this.rule.forMs) {
        alert.state = 'firing';
        alert.firedAt = at;
      }
    }
  }

  /** The alerts that Alertmanager must hear of now, marked as sent. */
  due(at: number, intervalMs: number): ActiveAlert[] {
    const due = [...this.active.values()].filter((alert) => needsSending(alert, at));
    for (const alert of due) {
      alert.sentAt = at;
      alert.validUntil = at + 4 * Math.max(intervalMs, RESEND_DELAY_MS);
    }
    return due;
  }

  /** Those that are pending or firing. */
  alerts(): ActiveAlert[] {
    return [...this.active.values()].filter(({ state }) => state !== 'inactive');
  }

  /** What the rule records about itself: `ALERTS` and `ALERTS_FOR_STATE`. */
  recorded(): Sample[] {
    return this.alerts().flatMap(({ labels, state, activeAt }) => [
      { labels: withLabels(labels, { [NAME]: 'ALERTS', alertstate: state }), value: 1 },
      { labels: withLabels(labels, { [NAME]: 'ALERTS_FOR_STATE' }), value: Math.floor(activeAt / 1000) },
    ]);
  }

  /** Goes on where the same rule of an older configuration was. */
  inherit(older: AlertRule): void {
    this.active = older.active;
  }

  private alertsOf(vector: readonly Sample[], at: number): Map<string, ActiveAlert> {
    const { alert: alertname, labels: added, annotations } = this.rule;
    const found = new Map<string, ActiveAlert>();
    for (const { labels, value } of vector) {
      const expand = (texts: Labels) => expanded(texts, { labels, value });
      const own = withLabels(without(labels, [NAME]), { ...expand(added), alertname });
      if (found.has(labelsKey(own))) throw new Error('vector contains metrics with the same labelset after applying alert labels');
      found.set(labelsKey(own), { labels: own, annotations: expand(annotations), value, state: 'pending', activeAt: at });
    }
    return found;
  }

  private keeps(alert: ActiveAlert, at: number): boolean {
    if (alert.state !== 'firing' || this.rule.keepMs === 0) return false;
    alert.keptSince ??= at;
    return at - alert.keptSince < this.rule.keepMs;
  }

  private end(key: string, alert: ActiveAlert, at: number): void {
    if (alert.state === 'pending' || (alert.resolvedAt !== undefined && at - alert.resolvedAt > RESOLVED_RETENTION_MS)) this.active.delete(key);
    if (alert.state !== 'inactive') {
      alert.state = 'inactive';
      alert.resolvedAt = at;
    }
  }
}

function expanded(texts: Labels, data: AlertData): Labels {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, expandTemplate(text, data)]));
}

function needsSending({ state, resolvedAt, sentAt = -Infinity }: ActiveAlert, at: number): boolean {
  if (state === 'pending') return false;
  return (resolvedAt !== undefined && resolvedAt > sentAt) || sentAt + RESEND_DELAY_MS < at;
}
