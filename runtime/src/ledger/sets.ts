import type { AxonDocument, AxonSensor, DeferredSet, LedgerDocument, LedgerEvent, LedgerSet } from '../contract/documents.js';
import { timeOf } from '../shared/time.js';
import { Companions } from './companions.js';
import { own } from './own.js';
import { fires, isStartOf } from './triggering.js';

/** An event of a ledger with its id. */
interface Entry {
  readonly id: string;
  readonly event: LedgerEvent;
}

/** Events that enter a set together: one event, or the ends of several tasks of one run. */
interface Bundle {
  /** Places of the triggers that it fires. */
  readonly places: readonly number[];
  readonly entries: readonly Entry[];
  readonly newest: Entry;
}

/**
 * The sets of one sensor: which are complete and undecided, and which events are spent.
 *
 * Where one run's ends fire all triggers (as with a single trigger), every bundle is a set of its own, whenever it gets complete. Else
 * a set joins bundles of different origin: of each the newest complete one, which spends what happened before it.
 */
export class SensorSets {
  /** Every set that was decided, by each of its events. */
  private readonly decided = new Map<string, LedgerSet>();
  private readonly all: readonly Entry[];
  private readonly companions: Companions;
  /** By place of a trigger: the newest of its events that is in a decided set. */
  private readonly newestDecided: readonly (Entry | undefined)[];

  constructor(ledger: LedgerDocument, axon: AxonDocument, private readonly sensor: AxonSensor, companions?: Companions) {
    for (const set of setsOf(ledger, sensor.name)) for (const id of set.events) this.decided.set(id, set);
    this.all = Object.entries(ledger.events).map(([id, event]) => ({ id, event }));
    this.companions = companions ?? new Companions(ledger, axon);
    this.newestDecided = sensor.triggers.map((_, place) => newest(this.firing(place).filter(({ id }) => this.decided.has(id))));
  }

  /** Complete sets that nothing was decided about, as sorted ids; oldest first. */
  complete(): string[][] {
    if (this.sensor.triggers.length === 0) {
      return this.all.filter(({ id, event }) => isStartOf(this.sensor, event) && !this.decided.has(id)).sort(byTime).map(({ id }) => [id]);
    }
    const bundles = this.bundles();
    const whole = bundles.filter((bundle) => this.isWhole(bundle));
    const parts = bundles.filter((bundle) => !this.isWhole(bundle) && !this.isOutrun(bundle));
    const joined = this.cover(this.sensor.triggers.map((_, place) => place), parts);
    const sets = [...whole.map(({ entries }) => entries), ...(joined === undefined ? [] : [joined.flatMap(({ entries }) => entries)])];
    return sets.sort((a, b) => byTime(newest(a)!, newest(b)!)).map((entries) => [...new Set(entries.map(({ id }) => id))].sort());
  }

  /** Deferred sets that may still start something, oldest first. */
  deferred(): DeferredSet[] {
    return [...new Set(this.decided.values())].flatMap((set) => (set.decision === 'deferred' && !this.isSuperseded(set) ? [set] : []));
  }

  /** Whether an event can start nothing more here: it is in a set that was consumed or refused, or a newer one spent it. */
  isSpent(id: string, event: LedgerEvent): boolean {
    const set = this.decided.get(id);
    if (set !== undefined) return set.decision !== 'deferred' || this.isSuperseded(set);
    if (isStartOf(this.sensor, event)) return false;
    const places = this.sensor.triggers.flatMap((trigger, place) => (fires(this.sensor.name, trigger, event) ? [place] : []));
    const isWhole = (place: number) => this.companions.shape(this.sensor, place, event).length === this.sensor.triggers.length;
    return places.every((place) => !isWhole(place) && this.isBeforeDecided(place, { id, event }));
  }

  /**
   * Whether a deferred set has come to nothing: a newer one holds an event of a trigger of which it holds an older one, or its events were forgotten.
   * So has an alert when a later one of the same version was decided: whether it fires is asked of both at once.
   */
  private isSuperseded(set: LedgerSet): boolean {
    const entries = this.all.filter(({ id }) => set.events.includes(id));
    if (entries.length < set.events.length) return true;
    if (entries.length === 1 && entries[0]!.event.kind === 'alert') return this.isOutdone(entries[0]!);
    if (this.isOfOneRun(entries)) return false;
    return this.sensor.triggers.some((trigger, place) => {
      const mine = entries.find(({ event }) => fires(this.sensor.name, trigger, event));
      return mine !== undefined && this.isBeforeDecided(place, mine);
    });
  }

  private firing(place: number): Entry[] {
    const trigger = this.sensor.triggers[place]!;
    return this.all.filter(({ event }) => fires(this.sensor.name, trigger, event));
  }

  /** Complete bundles of undecided events. */
  private bundles(): Bundle[] {
    const open = this.sensor.triggers.map((_, place) => this.firing(place).filter(({ id }) => !this.decided.has(id)));
    const found = new Map<string, Bundle>();
    open.forEach((entries, place) => entries.forEach((entry) => {
      const places = this.companions.shape(this.sensor, place, entry.event);
      const members = places.map((other) => (other === place ? entry : open[other]!.find(({ event }) => event.runId === entry.event.runId)));
      if (members.some((member) => member === undefined)) return;
      const complete = members as Entry[];
      found.set(`${places.join()} ${complete.map(({ id }) => id).join()}`, { places, entries: complete, newest: newest(complete)! });
    }));
    return [...found.values()];
  }

  private isWhole({ places }: Bundle): boolean {
    return places.length === this.sensor.triggers.length;
  }

  private isOutrun({ places, entries }: Bundle): boolean {
    return places.some((place, index) => this.isBeforeDecided(place, entries[index]!));
  }

  private isBeforeDecided(place: number, entry: Entry): boolean {
    const decided = this.newestDecided[place];
    return decided !== undefined && byTime(entry, decided) < 0;
  }

  private isOutdone(alert: Entry): boolean {
    const { subject, model, version } = alert.event;
    return this.all.some((other) => other.event.kind === 'alert' && other.event.subject === subject && other.event.model === model
      && other.event.version === version && this.decided.has(other.id) && byTime(alert, other) < 0);
  }

  private isOfOneRun(entries: readonly Entry[]): boolean {
    return entries.length === 1 || entries.every(({ event }) => event.kind === 'task' && event.runId === entries[0]!.event.runId);
  }

  /** The newest bundles that together fire each of these triggers once. */
  private cover(places: readonly number[], bundles: readonly Bundle[]): Bundle[] | undefined {
    const [first] = places;
    if (first === undefined) return [];
    const fitting = bundles.filter((bundle) => bundle.places.includes(first) && bundle.places.every((place) => places.includes(place)))
      .sort((a, b) => byTime(b.newest, a.newest));
    const shapes = new Set<string>();
    for (const bundle of fitting) {
      const shape = bundle.places.join();
      // An older bundle of the same shape fits no better than the newest of it.
      if (shapes.has(shape)) continue;
      shapes.add(shape);
      const rest = this.cover(places.filter((place) => !bundle.places.includes(place)), bundles);
      if (rest !== undefined) return [bundle, ...rest];
    }
    return undefined;
  }
}

/** What was decided for a sensor, oldest first. */
export function setsOf(ledger: LedgerDocument, sensor: string): readonly LedgerSet[] {
  return own(ledger.sensors, sensor)?.sets ?? [];
}

/** Older first; events of one moment in the order of their ids, so that everyone finds the same order. */
function byTime(a: Entry, b: Entry): number {
  return timeOf(a.event.at) - timeOf(b.event.at) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function newest(entries: readonly Entry[]): Entry | undefined {
  return entries.reduce<Entry | undefined>((best, entry) => (best === undefined || byTime(best, entry) < 0 ? entry : best), undefined);
}
