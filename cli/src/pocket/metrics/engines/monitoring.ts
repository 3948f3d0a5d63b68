import type { AlertmanagerConfiguration } from '../alertmanager/configuration.js';
import type { RuleGroup } from '../rules/rule.js';
import type { Target, TargetState } from '../scrape/target.js';

/** What monitoring does, as the objects of the cluster ask for it. */
export interface MonitoringPlan {
  readonly targets: readonly Target[];
  readonly groups: readonly RuleGroup[];
  readonly alerting: AlertmanagerConfiguration;
}

/** An alert for the view. */
export interface AlertView {
  readonly name: string;
  readonly state: 'pending' | 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The value of the expression. */
  readonly value: number;
  /** Since when the condition holds, Unix milliseconds. */
  readonly activeAt: number;
}

/** Scrapes, evaluates and answers queries. */
export interface MetricsEngine {
  readonly kind: 'embedded' | 'prometheus';
  /** Prometheus' HTTP API. */
  readonly url: string;
  readonly port: number;
  /** Follows another plan; returns what of its rules is refused and why. */
  configure(plan: MonitoringPlan): Promise<readonly string[]>;
  /** Pending and firing alerts, and targets, as of the last evaluation or scrape. */
  snapshot(): { readonly alerts: AlertView[]; readonly targets: TargetState[] };
  stop(): Promise<void>;
}

/** Takes alerts and tells receivers. */
export interface AlertingEngine {
  readonly kind: 'embedded' | 'alertmanager';
  configure(configuration: AlertmanagerConfiguration): Promise<void>;
  stop(): Promise<void>;
}
