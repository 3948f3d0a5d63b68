import type { ClusterLog } from '../../controller.js';
import type { PostedAlert } from '../alertmanager/alert.js';
import type { Clock } from '../clock.js';
import { type Listening, listen } from '../http/listen.js';
import { prometheusApi } from '../http/prometheus-api.js';
import { LOOKBACK_MS } from '../promql/evaluate.js';
import { QueryEngine } from '../promql/query.js';
import { reachMs } from '../promql/reach.js';
import type { ActiveAlert } from '../rules/alert-rule.js';
import { GroupEvaluator } from '../rules/evaluator.js';
import type { RuleGroup } from '../rules/rule.js';
import { Scrapers } from '../scrape/scrapers.js';
import type { TargetState } from '../scrape/target.js';
import { SeriesStore } from '../series-store.js';
import type { AlertView, MetricsEngine, MonitoringPlan } from './monitoring.js';
import { tellChanges } from './tell-changes.js';

export interface EmbeddedPrometheusOptions {
  readonly clock: Clock;
  readonly log: ClusterLog;
  readonly evaluationMs: number;
  /** Where users find it, for the links in alerts. */
  readonly externalUrl: string;
  readonly send: (alerts: readonly PostedAlert[]) => void;
  readonly onAlert: (alert: AlertView) => void;
}

const KEPT_MS = 6 * 3_600_000;
const PRUNE_MS = 300_000;

/** Scrapes, evaluates rules and answers queries within this process, by the semantics of Prometheus 3. */
export class EmbeddedPrometheus implements MetricsEngine {
  /** Starts to serve; it scrapes nothing before it has a plan. */
  static async start(options: EmbeddedPrometheusOptions): Promise<EmbeddedPrometheus> {
    const engine = new EmbeddedPrometheus(options);
    engine.server = await listen(prometheusApi({
      engine: engine.queries,
      now: () => options.clock.now(),
      groups: () => [...engine.groups.values()],
      targets: () => engine.scrapers.snapshot(),
    }));
    return engine;
  }

  readonly kind = 'embedded';
  private readonly store = new SeriesStore();
  private readonly queries: QueryEngine;
  private readonly scrapers: Scrapers;
  private readonly stopped = new AbortController();
  private readonly pruning: Promise<void>;
  private readonly states = new Map<string, AlertView>();
  private groups = new Map<string, GroupEvaluator>();
  private server!: Listening;

  private constructor(private readonly options: EmbeddedPrometheusOptions) {
    this.queries = new QueryEngine(this.store, options.evaluationMs);
    this.scrapers = new Scrapers(this.store, options.clock, options.log);
    this.pruning = this.prune();
  }

  get url(): string {
    return this.server.url;
  }

  get port(): number {
    return this.server.port;
  }

  async configure({ targets, groups }: MonitoringPlan): Promise<readonly string[]> {
    await this.scrapers.follow(targets);
    const wanted = new Map(groups.map((group) => [group.name, group]));
    for (const [name, evaluator] of this.groups) {
      const group = wanted.get(name);
      if (group !== undefined && JSON.stringify(group) === JSON.stringify(evaluator.group)) continue;
      await evaluator.stop();
      if (group === undefined) {
        evaluator.retire();
        this.groups.delete(name);
      }
    }
    for (const [name, group] of wanted) {
      const older = this.groups.get(name);
      if (older !== undefined && JSON.stringify(group) === JSON.stringify(older.group)) continue;
      const evaluator = this.evaluator(group, older);
      this.groups.set(name, evaluator);
      evaluator.start();
    }
    return [...this.groups.values()].flatMap((group) => group.snapshot()).filter(({ health }) => health === 'err')
      .map(({ rule, lastError }) => `'${rule.alert ?? rule.record}' (${rule.expr}) is refused: ${lastError}`);
  }

  snapshot(): { readonly alerts: AlertView[]; readonly targets: TargetState[] } {
    return { alerts: this.alerts(), targets: this.scrapers.snapshot() };
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await Promise.all([this.pruning, this.scrapers.stop(), ...[...this.groups.values()].map(async (group) => group.stop())]);
    await this.server.close();
  }

  private evaluator(group: RuleGroup, older: GroupEvaluator | undefined): GroupEvaluator {
    const { clock, log, evaluationMs } = this.options;
    return new GroupEvaluator({
      group,
      intervalMs: group.intervalMs ?? evaluationMs,
      engine: this.queries,
      store: this.store,
      clock,
      log,
      send: (alerts, expr) => this.options.send(alerts.map((alert) => this.posted(alert, expr))),
      evaluated: () => this.watch(),
    }, older);
  }

  private posted(alert: ActiveAlert, expr: string): PostedAlert {
    const link = new URLSearchParams({ 'g0.expr': expr, 'g0.tab': '1' });
    return {
      labels: alert.labels,
      annotations: alert.annotations,
      startsAt: alert.firedAt,
      endsAt: alert.resolvedAt ?? alert.validUntil,
      generatorURL: `${this.options.externalUrl}/graph?${link}`,
    };
  }

  private alerts(): AlertView[] {
    return [...this.groups.values()].flatMap((group) => group.snapshot()).flatMap(({ rule, alerts }) => alerts.map((alert): AlertView => ({
      name: rule.alert!,
      state: alert.state === 'firing' ? 'firing' : 'pending',
      labels: alert.labels,
      annotations: alert.annotations,
      value: alert.value,
      activeAt: alert.activeAt,
    })));
  }

  private watch(): void {
    tellChanges(this.states, this.alerts(), this.options.onAlert);
  }

  private async prune(): Promise<void> {
    const { clock } = this.options;
    const { signal } = this.stopped;
    while (!signal.aborted) {
      await clock.sleep(PRUNE_MS, signal);
      const reach = [...this.groups.values()].flatMap((group) => group.expressions()).map((expr) => reachMs(expr, LOOKBACK_MS));
      this.store.prune(clock.now() - Math.max(KEPT_MS, ...reach.map((ms) => ms + 2 * LOOKBACK_MS)));
    }
  }
}
