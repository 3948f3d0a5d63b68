import type { AxonDocument, LedgerDocument, LedgerEvent } from '../contract/documents.js';
import { timeOf, timeText } from '../shared/time.js';
import { Companions } from './companions.js';
import { setsOf, SensorSets } from './sets.js';
import { waitsFor } from './triggering.js';

/** Most events that a ledger holds. */
export const MAX_EVENTS = 1000;
/** Most decided sets that it holds of each sensor. */
export const MAX_SETS = 200;
/** Most bytes of its JSON: a ConfigMap takes 1 MiB, and the rest of the object needs room. */
export const MAX_BYTES = 768 * 1024;

/** Down to this share of a bound that was passed, so that not every event prunes. */
const SLACK = 0.9;

/**
 * Brings a ledger within its bounds. The oldest events that nobody needs go first; one that may still start something goes only when the
 * bounds cannot be kept otherwise; `fresh` ones and the last start of each run-once sensor never do.
 *
 * A set goes with the last of its events and not before: they would look as if nobody had decided about them.
 */
export function prune(ledger: LedgerDocument, axon: AxonDocument, fresh: ReadonlySet<string>): LedgerDocument {
  let pruned = ledger;
  for (const { name } of axon.sensors.filter((sensor) => setsOf(ledger, sensor.name).length > MAX_SETS)) {
    const mentioned = new Set(setsOf(pruned, name).flatMap(({ events }) => events));
    const order = forgettable(pruned, axon, fresh).filter((id) => mentioned.has(id));
    pruned = shrunk(pruned, order, (smaller) => setsOf(smaller, name).length <= MAX_SETS * SLACK);
  }
  if (fits(pruned, 1)) return pruned;
  return shrunk(pruned, forgettable(pruned, axon, fresh), (smaller) => fits(smaller, SLACK));
}

/** The ledger without the fewest of the first events in `order` that will do; without all of them if nothing does. */
function shrunk(ledger: LedgerDocument, order: readonly string[], isEnough: (smaller: LedgerDocument) => boolean): LedgerDocument {
  let [low, high] = [0, order.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(without(ledger, order.slice(0, middle)))) high = middle;
    else low = middle + 1;
  }
  return without(ledger, order.slice(0, low));
}

/** Events in the order in which they may be forgotten: those that are spent for every sensor, then those that are not; oldest first. */
function forgettable(ledger: LedgerDocument, axon: AxonDocument, fresh: ReadonlySet<string>): string[] {
  const companions = new Companions(ledger, axon);
  const sets = axon.sensors.map((sensor) => ({ sensor, sets: new SensorSets(ledger, axon, sensor, companions) }));
  const kept = lasting(ledger);
  const isSpent = (id: string, event: LedgerEvent) => sets.every(({ sensor, sets: its }) => !waitsFor(sensor, event) || its.isSpent(id, event));
  return Object.entries(ledger.events)
    .filter(([id, event]) => !fresh.has(id) && !(event.kind === 'once' && kept.has(id)))
    .map(([id, event]) => ({ id, at: timeOf(event.at), needed: kept.has(id) || !isSpent(id, event) }))
    .sort((a, b) => Number(a.needed) - Number(b.needed) || a.at - b.at || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}

/** The last start of each run-once sensor, without which its Workflow applied again would be a new one, and the last success of each task: conditions ask for it. */
function lasting(ledger: LedgerDocument): Set<string> {
  const last = new Map<string, readonly [id: string, at: number]>();
  for (const [id, event] of Object.entries(ledger.events)) {
    if (event.kind !== 'once' && !(event.kind === 'task' && event.phase === 'succeeded')) continue;
    const key = `${event.kind} ${event.subject}`;
    if (timeOf(event.at) >= (last.get(key)?.[1] ?? -Infinity)) last.set(key, [id, timeOf(event.at)]);
  }
  return new Set([...last.values()].map(([id]) => id));
}

function without(ledger: LedgerDocument, ids: readonly string[]): LedgerDocument {
  if (ids.length === 0) return ledger;
  const gone = new Set(ids);
  const events = Object.fromEntries(Object.entries(ledger.events).filter(([id]) => !gone.has(id)));
  const sensors = Object.fromEntries(Object.entries(ledger.sensors).map(([name, sensor]) => [
    name, { ...sensor, sets: sensor.sets.filter((set) => set.events.some((id) => Object.hasOwn(events, id))) },
  ]));
  const newest = Math.max(...ids.map((id) => timeOf(ledger.events[id]!.at)));
  const before = Math.max(newest + 1, ledger.pruned === undefined ? -Infinity : timeOf(ledger.pruned.before));
  return { ...ledger, events, sensors, pruned: { before: timeText(before), events: ids.length + (ledger.pruned?.events ?? 0) } };
}

function fits(ledger: LedgerDocument, share: number): boolean {
  return Object.keys(ledger.events).length <= MAX_EVENTS * share && new TextEncoder().encode(JSON.stringify(ledger)).length <= MAX_BYTES * share;
}
