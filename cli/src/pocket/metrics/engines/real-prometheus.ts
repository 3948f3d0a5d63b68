import { join } from 'node:path';
import type { ClusterLog } from '../../controller.js';
import { SYSTEM_CLOCK } from '../clock.js';
import { writePrivate } from '../private-file.js';
import type { RuleGroup } from '../rules/rule.js';
import type { TargetState } from '../scrape/target.js';
import { Child } from './child.js';
import type { AlertView, MetricsEngine, MonitoringPlan } from './monitoring.js';
import { prometheusFile, rulesFile } from './prometheus-files.js';
import { tellChanges } from './tell-changes.js';

export interface RealPrometheusOptions {
  readonly binary: string;
  readonly log: ClusterLog;
  readonly stateDir: string;
  readonly evaluationMs: number;
  /** Where users find it, for the links in alerts. */
  readonly externalUrl: string;
  /** `host:port` of the Alertmanager. */
  readonly alertmanager: string;
  readonly onAlert: (alert: AlertView) => void;
}

/** A real Prometheus as a child process, told anew what to scrape and evaluate when that changes. */
export class RealPrometheus implements MetricsEngine {
  static async start(options: RealPrometheusOptions): Promise<RealPrometheus> {
    const folder = join(options.stateDir, 'prometheus');
    const engine = new RealPrometheus(options, folder);
    engine.text = await engine.write({ targets: [], groups: [] });
    engine.child = await Child.start({
      binary: options.binary,
      arguments: (port) => [
        `--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=127.0.0.1:${port}`,
        `--web.external-url=${options.externalUrl}`, '--web.route-prefix=/', '--web.enable-lifecycle',
      ],
      pidFile: join(folder, 'pid.json'),
      logFile: join(folder, 'prometheus.log'),
      log: options.log,
    });
    engine.watching = engine.watch();
    return engine;
  }

  readonly kind = 'prometheus';
  private readonly stopped = new AbortController();
  private readonly states = new Map<string, AlertView>();
  private readonly refused = new Map<string, string | undefined>();
  private child!: Child;
  private watching?: Promise<void>;
  private text = '';
  private latest: { readonly alerts: AlertView[]; readonly targets: TargetState[] } = { alerts: [], targets: [] };

  private constructor(private readonly options: RealPrometheusOptions, private readonly folder: string) {}

  get url(): string {
    return this.child.url;
  }

  get port(): number {
    return this.child.port;
  }

  async configure(plan: MonitoringPlan): Promise<readonly string[]> {
    const problems: string[] = [];
    const groups: RuleGroup[] = [];
    for (const group of plan.groups) {
      const rules = [];
      for (const rule of group.rules) {
        const problem = await this.refusal(rule.expr);
        if (problem === undefined) {
          rules.push(rule);
        } else {
          problems.push(`'${rule.alert ?? rule.record}' (${rule.expr}) is refused: ${problem}`);
        }
      }
      groups.push({ ...group, rules });
    }
    const text = await this.write({ targets: plan.targets, groups });
    if (text !== this.text) await this.reload();
    this.text = text;
    return problems;
  }

  snapshot(): { readonly alerts: AlertView[]; readonly targets: TargetState[] } {
    return this.latest;
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.watching;
    await this.child.stop();
  }

  private async write({ targets, groups }: Pick<MonitoringPlan, 'targets' | 'groups'>): Promise<string> {
    const rulesPath = join(this.folder, 'rules.yml');
    const rules = rulesFile(groups);
    const main = prometheusFile(targets, rulesPath, this.options.alertmanager, this.options.evaluationMs);
    await writePrivate(rulesPath, rules);
    await writePrivate(join(this.folder, 'prometheus.yml'), main);
    return `${main}\n${rules}`;
  }

  private async reload(): Promise<void> {
    const response = await fetch(`${this.url}/-/reload`, { method: 'POST', signal: AbortSignal.timeout(30_000) });
    if (!response.ok) throw new Error(`prometheus refused its configuration: ${await response.text()}`);
    await response.body?.cancel();
  }

  /** Why Prometheus would not take an expression: one that it refuses would keep it from taking any other change. */
  private async refusal(expr: string): Promise<string | undefined> {
    if (!this.refused.has(expr)) {
      const query = new URLSearchParams({ query: expr });
      const response = await fetch(`${this.url}/api/v1/format_query?${query}`, { signal: AbortSignal.timeout(10_000) });
      const { error } = await response.json() as { error?: string };
      this.refused.set(expr, error);
    }
    return this.refused.get(expr);
  }

  private async watch(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      try {
        this.latest = { alerts: await this.alerts(), targets: await this.targets() };
        tellChanges(this.states, this.latest.alerts, this.options.onAlert);
      } catch {
        // It is starting again: what was known last still stands.
      }
      await SYSTEM_CLOCK.sleep(Math.min(this.options.evaluationMs, 2000), signal);
    }
  }

  private async alerts(): Promise<AlertView[]> {
    const { alerts } = await this.data<{ alerts: (Omit<AlertView, 'name' | 'value' | 'activeAt'> & { activeAt: string; value: string })[] }>('alerts');
    return alerts.map(({ labels, annotations, state, activeAt, value }) => ({
      name: labels.alertname, state, labels, annotations, value: Number(value.replace('Inf', 'Infinity')), activeAt: Date.parse(activeAt),
    }));
  }

  private async targets(): Promise<TargetState[]> {
    const { activeTargets } = await this.data<{ activeTargets: WireTarget[] }>('targets?state=active');
    return activeTargets.map((target) => ({
      url: target.scrapeUrl,
      job: target.scrapePool,
      labels: target.labels,
      health: target.health,
      lastError: target.lastError,
      ...(Date.parse(target.lastScrape) > 0 && { lastScrape: Date.parse(target.lastScrape), lastDurationMs: target.lastScrapeDuration * 1000 }),
    }));
  }

  private async data<T>(path: string): Promise<T> {
    const signal = AbortSignal.any([this.stopped.signal, AbortSignal.timeout(10_000)]);
    const response = await fetch(`${this.url}/api/v1/${path}`, { signal });
    return (await response.json() as { data: T }).data;
  }
}

interface WireTarget {
  readonly scrapeUrl: string;
  readonly scrapePool: string;
  readonly labels: Record<string, string>;
  readonly health: TargetState['health'];
  readonly lastError: string;
  readonly lastScrape: string;
  readonly lastScrapeDuration: number;
}
