import type {
  AxonSensor, DecisionReason, GuardBudget, LedgerDocument, LedgerEvent, LedgerModel, SeenNumber, SensorGuard,
} from '../contract/documents.js';
import { timeOf, timeText } from '../shared/time.js';
import type { Facts, Judged } from './conditions.js';
import { deployingVersion } from './live.js';
import { own } from './own.js';
import { fires } from './triggering.js';

/** When to look again at a set that waits for a retrain to end, in milliseconds: sweep sees it first. */
const RUNNING_WAIT = 60_000;

/** Least time that what a retraining brings about has before its alert may cause another, in milliseconds: images are built, servers get ready. */
export const SETTLING = 300_000;

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
  const pending = judged.events.flatMap((event) => (event.kind === 'alert' ? onItsWay(judged, event, model, now) : []));
  const waits = [...pending, ...waitsOf(model, sensor.guard, now)];
  return {
    numbers: [...alerts, ...waits].map(({ number }) => number),
    refusals: alerts.flatMap(({ reason }) => reason ?? []),
    deferrals: waits.flatMap(({ reason }) => reason ?? []),
    until: Math.max(now, ...waits.flatMap(({ reason, until }) => (reason && until !== undefined ? [until] : []))),
  };
}

/** Since when the guard of a sensor would let a retrain begin, in milliseconds; undefined while it would not. */
export function freeSince(model: LedgerModel, rules: SensorGuard, now: number): number | undefined {
  const waits = waitsOf(model, rules, now);
  return waits.some(({ reason }) => reason !== undefined) ? undefined : Math.max(0, ...waits.flatMap(({ until }) => until ?? []));
}

/** What an alert is about. */
export interface Place {
  readonly model: string;
  /** Place of its version among the live ones of the model: 0 is the newest, -1 is not live; undefined when it names no version. */
  readonly generation: number | undefined;
}

/** What an alert is about; undefined when nobody says which model. */
export function placeOf(event: LedgerEvent, { name, triggers, guard: rules }: AxonSensor, live: Facts['live']): Place | undefined {
  const trigger = triggers.find((one) => fires(name, one, event));
  const model = event.model ?? (trigger?.kind === 'alert' ? trigger.model : undefined) ?? rules?.model;
  if (model === undefined) return undefined;
  return { model, generation: event.version === undefined ? undefined : (own(live, model) ?? []).indexOf(event.version) };
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
  /** From when on there is no reason. */
  readonly until?: number;
}

function aboutAlert({ sensor, events, facts }: Judged, rules: SensorGuard, id: string, index: number): Look[] {
  const event = events[index]!;
  const firing = own(facts.firing, id) ?? false;
  const looks: Look[] = [{
    number: { name: 'firing', value: Number(firing), operator: '>=', threshold: 1, met: firing },
    ...(!firing && { reason: { code: 'no-longer-firing', message: `Prometheus says that the alert of ${event.runId} does not fire now`.slice(0, 500) } }),
  }];
  const { model, generation } = placeOf(event, sensor, facts.live) ?? {};
  if (generation === undefined) return looks;
  const met = generation === 0 || (generation > 0 && rules.generations === 'any');
  const reason: DecisionReason | undefined = met ? undefined : generation < 0
    ? { code: 'retired-version', message: `version ${event.version} of ${model} is not live any more` }
    : { code: 'older-generation', message: `version ${event.version} of ${model} is of generation ${generation}, only the newest may cause a retrain` };
  return [...looks, {
    number: { name: 'generation', value: generation < 0 ? null : generation, ...(rules.generations === 'newest' && { operator: '<=', threshold: 0 }), met },
    ...(reason && { reason }),
  }];
}

/** Nothing while no version is on its way that would answer an alert; a further retrain would be for nothing. */
function onItsWay({ sensor, facts: { live, releases = [] } }: Judged, event: LedgerEvent, model: LedgerModel, now: number): Look[] {
  const place = placeOf(event, sensor, live);
  const number: SeenNumber = { name: 'pending', value: 1, operator: '<', threshold: 1, met: false };
  const deploying = deployingVersion(releases, place?.model, now);
  if (deploying !== undefined) {
    return [{ number, reason: { code: 'version-pending', message: `version ${deploying.version} of ${deploying.model} is being deployed` }, until: now + RUNNING_WAIT }];
  }
  const newest = releases.find((release) => release.model === place?.model && release.state === 'live');
  const last = model.retrains.at(-1);
  if (newest === undefined || last?.ended === undefined || timeOf(newest.at) > timeOf(last.at)) return [];
  const until = timeOf(last.ended) + SETTLING;
  const message = `what ${last.run} has trained may be on its way`.slice(0, 500);
  return until > now ? [{ number, reason: { code: 'version-pending', message }, until }] : [];
}

function waitsOf(model: LedgerModel, rules: SensorGuard, now: number): Look[] {
  return [...running(model, now), ...cooldown(model, rules, now), ...budget(model, rules.budget, now)];
}

function running({ running: run }: LedgerModel, now: number): Look[] {
  const number: SeenNumber = { name: 'running', value: run === undefined ? 0 : 1, operator: '<', threshold: 1, met: run === undefined };
  return [run === undefined ? { number } : { number, reason: { code: 'retrain-running', message: `${run} retrains now`.slice(0, 500) }, until: now + RUNNING_WAIT }];
}

function cooldown(model: LedgerModel, rules: SensorGuard, now: number): Look[] {
  const last = model.retrains.at(-1);
  if (last === undefined) return [];
  const seconds = cooldownSeconds(rules, exhaustion(model, rules.budget, now));
  // Of one that has not been told to have ended its start must do.
  const since = timeOf(last.ended ?? last.at);
  const elapsed = (now - since) / 1000;
  const met = elapsed >= seconds;
  const message = `the last retrain ${last.ended === undefined ? 'started' : 'ended'} ${Math.round(elapsed)} s ago, the cooldown is ${seconds} s`;
  return [{
    number: { name: 'cooldown', value: elapsed, operator: '>=', threshold: seconds, met },
    ...(!met && { reason: { code: 'cooldown', message } }),
    until: since + seconds * 1000,
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
