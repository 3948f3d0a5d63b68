import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ClusterLog, Objects } from '../controller.js';
import { alertingOf } from './alertmanager/configuration.js';
import { type Clock, SYSTEM_CLOCK } from './clock.js';
import { EmbeddedAlertmanager } from './engines/embedded-alertmanager.js';
import { EmbeddedPrometheus } from './engines/embedded-prometheus.js';
import type { AlertView, MetricsEngine } from './engines/monitoring.js';
import { RealAlertmanager } from './engines/real-alertmanager.js';
import { RealPrometheus } from './engines/real-prometheus.js';
import { rulesOf } from './rules/rule.js';
import { discover } from './scrape/service-monitor.js';
import type { TargetState } from './scrape/target.js';
import type { Services } from './service-address.js';

export interface PocketMetricsOptions {
  readonly objects: Objects;
  readonly services: Services;
  /** A folder of its own; made when there is none. */
  readonly stateDir: string;
  readonly log: ClusterLog;
  /** `auto` uses a `prometheus` and an `alertmanager` on PATH, and ours for what is not there. */
  readonly prefer: 'auto' | 'embedded';
  /** How often rules of groups without an interval are evaluated; 5 by default. */
  readonly evaluationSeconds?: number;
  /** The service that Prometheus' API is reached by within the cluster. */
  readonly prometheusHost: { readonly namespace: string; readonly name: string; readonly port: number };
  /** For the embedded engines only. */
  readonly clock?: Clock;
  /** Alerts that become pending, fire or are resolved. */
  readonly onAlert?: (alert: AlertView) => void;
  /** Instead of those on PATH. */
  readonly binaries?: { readonly prometheus?: string; readonly alertmanager?: string };
}

export interface MetricsSnapshot {
  readonly engine: MetricsEngine['kind'];
  readonly alerting: 'embedded' | 'alertmanager';
  readonly alerts: readonly AlertView[];
  readonly targets: readonly TargetState[];
  /** What objects ask for and is not followed, and why. */
  readonly problems: readonly string[];
}

const KINDS = ['ServiceMonitor', 'PrometheusRule', 'AlertmanagerConfig', 'Service', 'Pod', 'Secret'];
const EVALUATION_SECONDS = 5;
const RETRY_MS = 2000;

/** The monitoring of the pocket cluster: ServiceMonitors are scraped, PrometheusRules evaluated, AlertmanagerConfigs told. */
export class PocketMetrics {
  private readonly unwatch: (() => void)[] = [];
  private engine?: MetricsEngine;
  private alerting?: EmbeddedAlertmanager | RealAlertmanager;
  private problems: readonly string[] = [];
  private applied = '';
  private stopping = false;
  /** A change came while another was being followed. */
  private outdated = false;
  private following?: Promise<void>;
  private retry?: NodeJS.Timeout;

  constructor(private readonly options: PocketMetricsOptions) {}

  /** Prometheus' HTTP API on this machine. */
  get url(): string {
    if (this.engine === undefined) throw new Error('monitoring has not started, call start first');
    return this.engine.url;
  }

  /** Resolves when the objects that are there are followed. */
  async start(): Promise<void> {
    this.alerting = await this.startAlerting();
    try {
      this.engine = await this.startEngine(this.alerting);
    } catch (error) {
      await this.alerting.stop();
      throw error;
    }
    const { objects, services, prometheusHost: { namespace, name, port } } = this.options;
    this.unwatch.push(services.register(namespace, name, port, { host: '127.0.0.1', port: this.engine.port }));
    for (const kind of KINDS) this.unwatch.push(objects.watch(kind, () => this.refresh()));
    this.refresh();
    await this.following;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.retry);
    for (const end of this.unwatch.splice(0)) end();
    await this.following;
    await this.engine?.stop();
    await this.alerting?.stop();
  }

  snapshot(): MetricsSnapshot {
    const { alerts, targets } = this.engine?.snapshot() ?? { alerts: [], targets: [] };
    return { engine: this.engine?.kind ?? 'embedded', alerting: this.alerting?.kind ?? 'embedded', alerts, targets, problems: this.problems };
  }

  private refresh(): void {
    if (this.stopping) return;
    this.outdated = true;
    this.following ??= this.follow();
  }

  private async follow(): Promise<void> {
    // One turn for all changes that come together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.outdated && !this.stopping) {
      this.outdated = false;
      try {
        await this.apply();
      } catch (error) {
        this.applied = '';
        clearTimeout(this.retry);
        this.retry = setTimeout(() => this.refresh(), RETRY_MS).unref();
        this.options.log.warn('monitoring does not follow a change', { error: (error as Error).message });
      }
    }
    this.following = undefined;
  }

  private async apply(): Promise<void> {
    const { objects, log } = this.options;
    const { targets, problems } = discover(objects);
    const rules = rulesOf(objects);
    const { configuration, problems: unrouted } = alertingOf(objects);
    const plan = { targets, groups: rules.groups, alerting: configuration };
    const refused = [...problems, ...rules.problems, ...unrouted];
    const wanted = JSON.stringify([plan, refused]);
    if (wanted === this.applied) return;
    await this.alerting!.configure(configuration);
    const all = [...refused, ...await this.engine!.configure(plan)];
    for (const problem of all.filter((each) => !this.problems.includes(each))) log.warn('monitoring object not followed', { problem });
    this.problems = all;
    this.applied = wanted;
  }

  private async startAlerting(): Promise<EmbeddedAlertmanager | RealAlertmanager> {
    const { log, services, stateDir, clock = SYSTEM_CLOCK } = this.options;
    const binary = this.binary('prometheus') === undefined ? undefined : this.binary('alertmanager');
    if (binary !== undefined) {
      try {
        return await RealAlertmanager.start({ binary, log, services, stateDir });
      } catch (error) {
        log.warn('alertmanager does not start, ours is used', { binary, error: (error as Error).message });
      }
    }
    return EmbeddedAlertmanager.start({ clock, log, services, stateDir });
  }

  private async startEngine(alerting: EmbeddedAlertmanager | RealAlertmanager): Promise<MetricsEngine> {
    const { log, stateDir, clock = SYSTEM_CLOCK, evaluationSeconds = EVALUATION_SECONDS, prometheusHost: { namespace, name, port } } = this.options;
    const evaluationMs = evaluationSeconds * 1000;
    const externalUrl = `http://${name}.${namespace}.svc:${port}`;
    const onAlert = (alert: AlertView) => this.options.onAlert?.(alert);
    const binary = this.binary('prometheus');
    if (binary !== undefined) {
      try {
        return await RealPrometheus.start({ binary, log, stateDir, evaluationMs, externalUrl, alertmanager: alerting.address, onAlert });
      } catch (error) {
        log.warn('prometheus does not start, ours is used', { binary, error: (error as Error).message });
        if (alerting instanceof RealAlertmanager) {
          await alerting.stop();
          this.alerting = await EmbeddedAlertmanager.start({ clock, log, services: this.options.services, stateDir });
        }
      }
    }
    return EmbeddedPrometheus.start({
      clock, log, evaluationMs, externalUrl, onAlert, send: (alerts) => (this.alerting as EmbeddedAlertmanager).send(alerts),
    });
  }

  private binary(name: 'prometheus' | 'alertmanager'): string | undefined {
    const { prefer, binaries } = this.options;
    if (prefer === 'embedded') return undefined;
    if (binaries !== undefined) return binaries[name];
    return name === 'prometheus' ? onPath('prometheus') : onPath('alertmanager') ?? onPath('prometheus-alertmanager');
  }
}

function onPath(name: string): string | undefined {
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '').map((folder) => join(folder, name)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
