import type { Expr } from 'cdk8s-myelin/lib/promql/index.js';
import type { ClusterLog } from '../../controller.js';
import type { Clock } from '../clock.js';
import { type Labels, labelsKey, NAME, withLabels } from '../promql/labels.js';
import type { QueryEngine } from '../promql/query.js';
import type { Sample } from '../promql/values.js';
import { type SeriesStore, STALE } from '../series-store.js';
import { type ActiveAlert, AlertRule } from './alert-rule.js';
import type { Rule, RuleGroup } from './rule.js';

export interface EvaluatorOptions {
  readonly group: RuleGroup;
  readonly intervalMs: number;
  readonly engine: QueryEngine;
  readonly store: SeriesStore;
  readonly clock: Clock;
  readonly log: ClusterLog;
  /** Alerts that fire, or no longer do, and the expression behind them. */
  readonly send: (alerts: readonly ActiveAlert[], expr: string) => void;
  /** After each evaluation. */
  readonly evaluated: () => void;
}

/** What the HTTP API and the view show of a rule. */
export interface RuleState {
  readonly rule: Rule;
  readonly health: 'ok' | 'err' | 'unknown';
  readonly lastError: string;
  readonly lastEvaluation?: number;
  readonly tookMs?: number;
  readonly alerts: readonly ActiveAlert[];
}

interface Running {
  readonly rule: Rule;
  readonly alert?: AlertRule;
  expr?: Expr;
  health: RuleState['health'];
  lastError: string;
  lastEvaluation?: number;
  tookMs?: number;
  /** What it wrote last, to be marked stale when it is gone. */
  written: Map<string, Labels>;
}

/** Evaluates the rules of one group at a fixed beat. Evaluation times are nominal, so that `for` is met at the evaluation that it should. */
export class GroupEvaluator {
  readonly group: RuleGroup;
  readonly intervalMs: number;
  private readonly stopped = new AbortController();
  private readonly rules: Running[];
  private running?: Promise<void>;

  constructor(private readonly options: EvaluatorOptions, older?: GroupEvaluator) {
    this.group = options.group;
    this.intervalMs = options.intervalMs;
    this.rules = this.group.rules.map((rule) => this.prepared(rule, older));
    older?.retire(this.group.rules);
  }

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  snapshot(): RuleState[] {
    return this.rules.map(({ rule, health, lastError, lastEvaluation, tookMs, alert }) => ({
      rule, health, lastError, lastEvaluation, tookMs, alerts: alert?.alerts() ?? [],
    }));
  }

  /** The expressions that could be read, for how far they look back. */
  expressions(): Expr[] {
    return this.rules.flatMap(({ expr }) => expr ?? []);
  }

  /** Marks as ended what it recorded by rules that are not kept on. */
  retire(kept: readonly Rule[] = []): void {
    const at = this.options.clock.now();
    const gone = this.rules.filter(({ rule }) => !kept.some((other) => isSame(rule, other)));
    for (const rule of gone) this.write(rule, at, []);
  }

  private prepared(rule: Rule, older: GroupEvaluator | undefined): Running {
    const alert = rule.alert === undefined ? undefined : new AlertRule(rule as Rule & { alert: string });
    const same = older?.rules.find((candidate) => isSame(candidate.rule, rule));
    if (same?.alert !== undefined) alert?.inherit(same.alert);
    const prepared: Running = { rule, alert, health: 'unknown', lastError: '', written: same?.written ?? new Map() };
    try {
      prepared.expr = this.options.engine.parse(rule.expr);
    } catch (error) {
      prepared.health = 'err';
      prepared.lastError = (error as Error).message;
      this.options.log.warn('rule refused', { group: this.group.name, rule: rule.alert ?? rule.record, error: prepared.lastError });
    }
    return prepared;
  }

  private async run(): Promise<void> {
    const { clock } = this.options;
    const { signal } = this.stopped;
    let at = clock.now();
    while (!signal.aborted) {
      for (const rule of this.rules) this.evaluate(rule, at);
      this.options.evaluated();
      // Evaluations that were missed are left out, the beat stays.
      at += this.intervalMs * Math.max(1, Math.floor((clock.now() - at) / this.intervalMs));
      await clock.sleep(at - clock.now(), signal);
    }
  }

  private evaluate(running: Running, at: number): void {
    const { rule, alert, expr } = running;
    if (expr === undefined) return;
    const begun = performance.now();
    try {
      const vector = this.options.engine.vector(expr, at);
      if (alert === undefined) {
        this.write(running, at, vector.map(({ labels, value }) => ({ labels: withLabels(labels, { ...rule.labels, [NAME]: rule.record! }), value })));
      } else {
        alert.evaluate(vector, at);
        const due = alert.due(at, this.intervalMs);
        if (due.length > 0) this.options.send(due, rule.expr);
        this.write(running, at, alert.recorded());
      }
      running.health = 'ok';
      running.lastError = '';
    } catch (error) {
      const message = (error as Error).message;
      if (running.lastError !== message) this.options.log.warn('rule failed', { group: this.group.name, rule: rule.alert ?? rule.record, error: message });
      running.health = 'err';
      running.lastError = message;
    }
    running.lastEvaluation = at;
    running.tookMs = performance.now() - begun;
  }

  private write(running: Running, at: number, samples: readonly Sample[]): void {
    const written = new Map(samples.map(({ labels }) => [labelsKey(labels), labels]));
    for (const { labels, value } of samples) this.options.store.append(labels, at, value);
    for (const [key, labels] of running.written) {
      if (!written.has(key)) this.options.store.append(labels, at, STALE);
    }
    running.written = written;
  }
}

function isSame(a: Rule, b: Rule): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
