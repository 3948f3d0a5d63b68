import type { Clock } from '../clock.js';
import type { Labels } from '../promql/labels.js';
import { type Alert, byLabels, isResolved } from './alert.js';
import { groupKey, type Route } from './route.js';

/** Tells a receiver about the alerts of a group; whether all of it arrived. May take as long as the signal lets it. */
export type Notify = (group: AlertGroup, alerts: readonly Alert[], now: number, signal: AbortSignal) => Promise<boolean>;

const SHORTEST_ATTEMPT_MS = 10_000;

/** The alerts of one route with the same group labels, told together: after `groupWait`, then each `groupInterval`. */
export class AlertGroup {
  readonly key: string;
  private readonly alerts = new Map<string, Alert>();
  private readonly stopped = new AbortController();
  /** Ends the wait before the first message. */
  private readonly hurry = new AbortController();
  private readonly running: Promise<void>;

  constructor(readonly route: Route, readonly labels: Labels, first: Alert, private readonly notify: Notify, private readonly clock: Clock) {
    this.key = groupKey(route, labels);
    this.insert(first);
    this.running = this.run();
  }

  /** An alert that has waited its time elsewhere already, as over a restart, waits no more. */
  insert(alert: Alert): void {
    this.alerts.set(alert.fingerprint, alert);
    if (alert.startsAt + this.route.groupWaitMs < this.clock.now()) this.hurry.abort();
  }

  get empty(): boolean {
    return this.alerts.size === 0;
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    await this.clock.sleep(this.route.groupWaitMs, AbortSignal.any([signal, this.hurry.signal]));
    while (!signal.aborted) {
      const begun = this.clock.now();
      await this.flush(begun, signal);
      await this.clock.sleep(begun + this.route.groupIntervalMs - this.clock.now(), signal);
    }
  }

  private async flush(now: number, signal: AbortSignal): Promise<void> {
    const alerts = [...this.alerts.values()].sort(byLabels);
    if (alerts.length === 0) return;
    const given = new AbortController();
    const ends = AbortSignal.any([signal, given.signal]);
    const deadline = this.clock.sleep(Math.max(this.route.groupIntervalMs, SHORTEST_ATTEMPT_MS), ends).then(() => given.abort());
    const told = await this.notify(this, alerts, now, ends);
    given.abort();
    await deadline;
    for (const alert of told ? alerts : []) {
      // What came in meanwhile has not been told.
      if (isResolved(alert, now) && this.alerts.get(alert.fingerprint)?.updatedAt === alert.updatedAt) this.alerts.delete(alert.fingerprint);
    }
  }
}
