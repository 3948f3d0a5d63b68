import type {
  AxonSensor, BetterThanLiveCondition, DecisionReason, LedgerDocument, LedgerEvent, MetricCondition, Release, SeenNumber, SensorCondition,
} from '../contract/documents.js';
import { timeOf } from '../shared/time.js';
import { own } from './own.js';

/** What the world says, by the time a set is decided. A gate asks for what the ledger does not know. */
export interface Facts {
  /** Versions that are live, newest first, by deployed model. */
  readonly live: Readonly<Record<string, readonly string[]>>;
  /** The release history, newest first; none when absent. */
  readonly releases?: readonly Release[];
  /** Whether Prometheus says that an alert fires now, by the id of its event. */
  readonly firing: Readonly<Record<string, boolean>>;
  /** Values of the samples that a query gives, by its PromQL. */
  readonly samples: Readonly<Record<string, readonly number[]>>;
}

/** What a condition or a guard found. */
export interface Finding {
  readonly numbers: readonly SeenNumber[];
  readonly reasons: readonly DecisionReason[];
}

/** What a set is judged by. */
export interface Judged {
  readonly ledger: LedgerDocument;
  readonly sensor: AxonSensor;
  /** Events of the set. */
  readonly events: readonly LedgerEvent[];
  readonly facts: Facts;
}

const WORDS = { '>': 'above', '>=': 'at least', '<': 'below', '<=': 'at most' } as const;

/** What a condition says about a set: no reason means met. */
export function judge(condition: SensorCondition, judged: Judged): Finding {
  switch (condition.kind) {
    case 'metric': return metric(condition, judged);
    case 'betterThanLive': return betterThanLive(condition, judged);
    case 'promql': return promql(condition.expression, judged.facts);
  }
}

/** Whether two numbers compare so. */
export function holds(value: number, operator: '>' | '>=' | '<' | '<=', threshold: number): boolean {
  switch (operator) {
    case '>': return value > threshold;
    case '>=': return value >= threshold;
    case '<': return value < threshold;
    case '<=': return value <= threshold;
  }
}

function metric(condition: MetricCondition, judged: Judged): Finding {
  const { metric: name, operator, threshold } = condition;
  const { task, value } = reported(condition, judged);
  if (value === undefined) return missing(name, `${task} reported no ${name}`);
  const met = holds(value, operator, threshold);
  return finding({ name, value, operator, threshold, met }, 'condition-not-met', `${name} of ${task} is ${value}, it must be ${WORDS[operator]} ${threshold}`);
}

/** Both sides were measured by the triggering run, on the same data: what the live model scored in its own days says little about today. */
function betterThanLive(condition: BetterThanLiveCondition, judged: Judged): Finding {
  const { model, metric: name, direction, margin } = condition;
  const { task, value } = reported(condition, judged);
  if ((own(judged.facts.live, model) ?? []).length === 0) {
    return { numbers: [{ name, value: value ?? null, met: true }, { name: `live_${name}`, value: null, met: true }], reasons: [] };
  }
  const champion = reported({ ...condition, metric: `live_${name}` }, judged).value;
  if (value === undefined || champion === undefined) {
    const sides = [
      value === undefined ? missing(name, `${task} reported no ${name}`) : { numbers: [{ name, value, met: false }], reasons: [] },
      champion === undefined
        ? missing(`live_${name}`, `${task} reported no live_${name}, let it score the model in LIVE_MODEL_PATH on the same test set and publish that as live_${name}`)
        : { numbers: [{ name: `live_${name}`, value: champion, met: true }], reasons: [] },
    ];
    return { numbers: sides.flatMap(({ numbers }) => numbers), reasons: sides.flatMap(({ reasons }) => reasons) };
  }
  const larger = direction === 'maximize';
  const operator = larger ? (margin === 0 ? '>' : '>=') : margin === 0 ? '<' : '<=';
  const threshold = larger ? champion + margin : champion - margin;
  const met = holds(value, operator, threshold);
  const { reasons } = finding({ name, value, operator, threshold, met }, 'condition-not-met',
    `${name} of ${task} is ${value}, it must be ${WORDS[operator]} ${threshold}: the live ${model} scores ${champion} on the same data`);
  return { numbers: [{ name, value, operator, threshold, met }, { name: `live_${name}`, value: champion, met: true }], reasons };
}

function promql(expression: string, { samples }: Facts): Finding {
  const values = own(samples, expression) ?? [];
  // JSON knows no infinity and no NaN; they are samples nevertheless.
  const value = values.find(Number.isFinite) ?? null;
  const met = values.length > 0;
  return finding({ name: expression.slice(0, 500), value, met }, 'condition-not-met', `the query gave no sample: ${expression}`);
}

interface Report {
  readonly task: string;
  readonly value?: number;
}

/** A number that a task reported: the triggering run's, or the last success of a task that did not trigger the sensor. */
function reported({ task, metric: name }: MetricCondition | BetterThanLiveCondition, { ledger, events }: Judged): Report {
  const ends = events.filter(({ kind }) => kind === 'task');
  const asked = task === undefined ? ends : ends.filter(({ subject }) => subject === task);
  const runs = task !== undefined && asked.length === 0 ? lastSuccess(ledger, task) : asked;
  const run = runs.find(({ metrics }) => own(metrics, name) !== undefined);
  return { task: task ?? run?.subject ?? (ends.map(({ subject }) => subject).join(' and ') || 'the triggering event'), value: run && own(run.metrics, name) };
}

function lastSuccess(ledger: LedgerDocument, task: string): LedgerEvent[] {
  return Object.values(ledger.events).filter(({ kind, subject, phase }) => kind === 'task' && subject === task && phase === 'succeeded')
    .sort((a, b) => timeOf(b.at) - timeOf(a.at)).slice(0, 1);
}

function missing(name: string, message: string): Finding {
  return finding({ name, value: null, met: false }, 'metric-missing', message);
}

function finding(number: SeenNumber, code: DecisionReason['code'], message: string): Finding {
  return { numbers: [number], reasons: number.met ? [] : [{ code, message: message.slice(0, 500) }] };
}
