import type { ClusterLog } from '../../controller.js';
import type { Clock } from '../clock.js';
import { labelsKey, withLabels } from '../promql/labels.js';
import type { Delivery } from '../service-address.js';
import { type Alert, alertOf, isResolved, merged, type PostedAlert } from './alert.js';
import type { AlertmanagerConfiguration, Webhook } from './configuration.js';
import { AlertGroup } from './group.js';
import { webhookMessage } from './message.js';
import type { NotificationLog, Notified } from './notification-log.js';
import { groupLabels as labelsOfGroup, matchingRoutes, type Route, routeTree } from './route.js';

export interface AlertmanagerOptions {
  readonly clock: Clock;
  readonly log: ClusterLog;
  readonly notified: NotificationLog;
  readonly externalUrl: string;
  readonly deliver: (webhook: Webhook, body: string, signal: AbortSignal) => Promise<Delivery>;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 60_000;
const KEPT_MS = 30 * 60_000;

/** Takes alerts and tells receivers, by the rules of Alertmanager 0.25. */
export class Alertmanager {
  private readonly alerts = new Map<string, Alert>();
  private groups = new Map<string, AlertGroup>();
  private route: Route = routeTree({ matchers: [], continue: false, routes: [] });
  private receivers: ReadonlyMap<string, readonly Webhook[]> = new Map();
  private generation = 0;

  constructor(private readonly options: AlertmanagerOptions) {}

  /** Follows another configuration; groups begin anew over the alerts there are, and the log keeps them from telling twice. */
  async configure({ route, receivers }: AlertmanagerConfiguration): Promise<void> {
    const older = this.groups;
    this.groups = new Map();
    this.generation++;
    this.route = routeTree(route);
    this.receivers = new Map(receivers.map(({ name, webhooks }) => [name, webhooks]));
    await Promise.all([...older.values()].map(async (group) => group.stop()));
    for (const alert of this.alerts.values()) this.dispatch(alert);
  }

  put(posted: readonly PostedAlert[]): void {
    const now = this.options.clock.now();
    for (const given of posted) {
      const fresh = alertOf({ ...given, labels: withLabels({}, given.labels) }, now);
      const old = this.alerts.get(fresh.fingerprint);
      const alert = old === undefined ? fresh : merged(old, fresh, now);
      this.alerts.set(alert.fingerprint, alert);
      this.dispatch(alert);
    }
    this.clean(now);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.groups.values()].map(async (group) => group.stop()));
    this.groups.clear();
  }

  private dispatch(alert: Alert): void {
    for (const route of matchingRoutes(this.route, alert.labels)) {
      const labels = labelsOfGroup(route, alert.labels);
      const id = JSON.stringify([this.generation, routeId(this.route, route), labelsKey(labels)]);
      const group = this.groups.get(id);
      if (group === undefined) {
        this.groups.set(id, new AlertGroup(route, labels, alert, async (...told) => this.notify(...told), this.options.clock));
      } else {
        group.insert(alert);
      }
    }
  }

  /** Tells every webhook of the group's receiver that has something to hear; whether all did. */
  private async notify(group: AlertGroup, alerts: readonly Alert[], now: number, signal: AbortSignal): Promise<boolean> {
    const webhooks = this.receivers.get(group.route.receiver) ?? [];
    const told = await Promise.all(webhooks.map(async (webhook, i) => this.tell(webhook, `${group.route.receiver}/webhook/${i}`, group, alerts, now, signal)));
    return told.every(Boolean);
  }

  private async tell(
    webhook: Webhook, name: string, group: AlertGroup, alerts: readonly Alert[], now: number, signal: AbortSignal,
  ): Promise<boolean> {
    const { notified, log, externalUrl } = this.options;
    const { receiver, repeatIntervalMs } = group.route;
    const names = (resolved: boolean) => alerts.filter((alert) => isResolved(alert, now) === resolved).map((alert) => alert.fingerprint);
    const [firing, resolved] = [names(false), names(true)];
    if (!hasNews(notified.get(group.key, name, now), firing, resolved, webhook.sendResolved, now - repeatIntervalMs)) return true;
    const told = webhook.sendResolved ? alerts : alerts.filter((alert) => !isResolved(alert, now));
    if (told.length > 0) {
      const { key: groupKey, labels: groupLabels } = group;
      const body = webhookMessage({ receiver, groupKey, groupLabels, alerts: told, maxAlerts: webhook.maxAlerts, externalUrl, now });
      if (!await this.send(webhook, name, body, signal)) return false;
    }
    try {
      await notified.set(group.key, name, { firing, resolved, at: now, expiresAt: now + 2 * repeatIntervalMs });
    } catch (error) {
      log.warn('notification log not written', { error: (error as Error).message });
    }
    return true;
  }

  /** Again and again while the receiver cannot be reached or has trouble; what it refuses is not repeated before the next interval. */
  private async send(webhook: Webhook, name: string, body: string, signal: AbortSignal): Promise<boolean> {
    const { clock, log, deliver } = this.options;
    let wait = FIRST_RETRY_MS;
    for (let attempt = 1; ; attempt++) {
      const { status, error } = await deliver(webhook, body, signal);
      if (status >= 200 && status < 300) return true;
      if (signal.aborted) return false;
      const permanent = status > 0 && status < 500;
      if (attempt === 1 || permanent) log.warn('alert not delivered', { receiver: name, url: webhook.url, status, error, attempt, retries: !permanent });
      if (permanent) return false;
      await clock.sleep(wait, signal);
      if (signal.aborted) return false;
      wait = Math.min(wait * 1.5, LONGEST_RETRY_MS);
    }
  }

  private clean(now: number): void {
    for (const [key, { endsAt }] of this.alerts) {
      if (endsAt + KEPT_MS < now) this.alerts.delete(key);
    }
    for (const [id, group] of this.groups) {
      if (!group.empty) continue;
      this.groups.delete(id);
      void group.stop();
    }
  }
}

/** Whether a receiver that was last told `entry` must hear of the alerts there are. */
export function hasNews(
  entry: Notified | undefined, firing: readonly string[], resolved: readonly string[], sendResolved: boolean, repeatBefore: number,
): boolean {
  if (entry === undefined) return firing.length > 0;
  if (firing.some((name) => !entry.firing.includes(name))) return true;
  // Also where the end is not sent: the log must forget that they fired.
  if (firing.length === 0) return entry.firing.length > 0;
  if (sendResolved && resolved.some((name) => !entry.resolved.includes(name))) return true;
  return entry.at < repeatBefore;
}

/** The place of a route in the tree: two siblings may have one key. */
function routeId(root: Route, wanted: Route, path = ''): string | undefined {
  if (root === wanted) return path;
  for (const [i, child] of root.routes.entries()) {
    const found = routeId(child, wanted, `${path}/${i}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
