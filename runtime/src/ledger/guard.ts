import type { AxonSensor, DecisionReason, GuardBudget, LedgerDocument, LedgerModel, SeenNumber, SensorGuard } from '../contract/documents.js';
import type { Judged } from './conditions.js';
import { own } from './own.js';
import { timeOf, timeText } from './time.js';
import { fires } from './triggering.js';

/** When to look again at a set that waits for a retrain to end, in milliseconds: sweep sees it first. */
const RUNNING_WAIT = 60_000;

/** Most retrains and trained data sets that are remembered of a model. */
export const MAX_HISTORY = 100;

/** What the guard says about a set. */
export interface GuardFinding {
  readonly numbers: readonly SeenNumber[];
  /** Why it must never run. */
  readonly refusals: readonly DecisionReason[];
  /** Why it must not run yet. */
  readonly deferrals: readonly DecisionReason[];
  /** Earliest next start in milliseconds, when there are deferrals. */
  readonly until: number;
}

/** Whose retrains a guard counts: a deployed model's, or the sensor's own. */
export function guarded(sensor: AxonSensor): string | undefined {
  return sensor.guard && (sensor.guard.model ?? sensor.name);
}

/** What the ledger knows of a model's retrains. */
export function modelOf(ledger: LedgerDocument, key: string): LedgerModel {
  return own(ledger.models, key) ?? { retrains: [], exhausted: 0, trained: [] };
}

/** What the guard of a sensor says about a set at a moment. `set` holds the ids of the events of `judged`. */
export function guard(judged: Judged, set: readonly string[], now: number): GuardFinding {
  const { ledger, sensor } = judged;
  if (sensor.guard === undefined) return { numbers: [], refusals: [], deferrals: [], until: now };
  const model = modelOf(ledger, guarded(sensor)!);
  const alerts = judged.events.flatMap((event, index) => (event.kind === 'alert' ? aboutAlert(judged, sensor.guard!, set[index]!, index) : []));
  const waits = [...running(model, now), ...cooldown(model, sensor.guard, now), ...budget(model, sensor.guard.budget, now)];
  return {
    numbers: [...alerts, ...waits].map(({ number }) => number),
    refusals: alerts.flatMap(({ reason }) => reason ?? []),
    deferrals: waits.flatMap(({ reason }) => reason ?? []),
    until: Math.max(now, ...waits.flatMap(({ reason, until }) => (reason && until !== undefined ? [until] : []))),
  };
}

/** The bookkeeping of a model once a retrain has started. */
export function withRetrain(model: LedgerModel, run: string, { name, guard: rules }: AxonSensor, now: number): LedgerModel {
  if (rules === undefined) return model;
  const { budget: bounds } = rules;
  const retrains = [...model.retrains, { run, sensor: name, at: timeText(now) }].slice(-MAX_HISTORY);
  const exhausted = exhaustion(model, bounds, now) + (within(retrains, bounds, now).length >= bounds.runs ? 1 : 0);
  return { ...model, retrains, exhausted, running: run };
}

interface Look {
  readonly number: SeenNumber;
  readonly reason?: DecisionReason;
  /** When the reason is gone. */
  readonly until?: number;
}

function aboutAlert({ sensor, events, facts }: Judged, { model: guardedModel, generations }: SensorGuard, id: string, index: number): Look[] {
  const event = events[index]!;
  const firing = own(facts.firing, id) ?? false;
  const looks: Look[] = [{
    number: { name: 'firing', value: Number(firing), operator: '>=', threshold: 1, met: firing },
    ...(!firing && { reason: { code: 'no-longer-firing', message: `Prometheus says that the alert of ${event.runId} does not fire now`.slice(0, 500) } }),
  }];
  const trigger = sensor.triggers.find((one) => fires(sensor.name, one, event));
  const model = event.model ?? (trigger?.kind === 'alert' ? trigger.model : undefined) ?? guardedModel;
  if (model === undefined || event.version === undefined) return looks;
  const generation = (own(facts.live, model) ?? []).indexOf(event.version);
  const met = generation === 0 || (generation > 0 && generations === 'any');
  const reason: DecisionReason | undefined = met ? undefined : generation < 0
    ? { code: 'retired-version', message: `version ${event.version} of ${model} is not live any more` }
    : { code: 'older-generation', message: `version ${event.version} of ${model} is of generation ${generation}, only the newest may cause a retrain` };
  return [...looks, {
    number: { name: 'generation', value: generation < 0 ? null : generation, ...(generations === 'newest' && { operator: '<=', threshold: 0 }), met },
    ...(reason && { reason }),
  }];
}

function running({ running: run }: LedgerModel, now: number): Look[] {
  const number: SeenNumber = { name: 'running', value: run === undefined ? 0 : 1, operator: '<', threshold: 1, met: run === undefined };
  return [run === undefined ? { number } : { number, reason: { code: 'retrain-running', message: `${run} retrains now`.slice(0, 500) }, until: now + RUNNING_WAIT }];
}

function cooldown(model: LedgerModel, rules: SensorGuard, now: number): Look[] {
  const last = model.retrains.at(-1);
  if (last === undefined) return [];
  const seconds = cooldownSeconds(rules, exhaustion(model, rules.budget, now));
  const elapsed = (now - timeOf(last.at)) / 1000;
  const met = elapsed >= seconds;
  return [{
    number: { name: 'cooldown', value: elapsed, operator: '>=', threshold: seconds, met },
    ...(!met && {
      reason: { code: 'cooldown', message: `the last retrain started ${Math.round(elapsed)} s ago, the cooldown is ${seconds} s` },
      until: timeOf(last.at) + seconds * 1000,
    }),
  }];
}

/** A budget that is used up again and again makes retrains rarer; after a whole window without one, the count begins anew. */
function cooldownSeconds({ cooldownSeconds: base, budget: { windowSeconds, backoff } }: SensorGuard, exhausted: number): number {
  return Math.max(base, Math.min(base * backoff ** exhausted, windowSeconds));
}

function exhaustion(model: LedgerModel, { windowSeconds }: GuardBudget, now: number): number {
  const last = model.retrains.at(-1);
  return last === undefined || now - timeOf(last.at) >= windowSeconds * 1000 ? 0 : model.exhausted;
}

function budget(model: LedgerModel, bounds: GuardBudget, now: number): Look[] {
  const used = within(model.retrains, bounds, now);
  const met = used.length < bounds.runs;
  return [{
    number: { name: 'budget', value: used.length, operator: '<', threshold: bounds.runs, met },
    ...(!met && {
      reason: { code: 'budget', message: `${used.length} retrains started in the last ${bounds.windowSeconds} s, the budget is ${bounds.runs}` },
      until: timeOf(used[used.length - bounds.runs]!.at) + bounds.windowSeconds * 1000,
    }),
  }];
}

function within(retrains: LedgerModel['retrains'], { windowSeconds }: GuardBudget, now: number): LedgerModel['retrains'] {
  return retrains.filter(({ at }) => timeOf(at) > now - windowSeconds * 1000);
}
