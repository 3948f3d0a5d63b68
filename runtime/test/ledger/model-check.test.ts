import type { AxonDocument, AxonSensor, ConsumedSet, LedgerDocument, LedgerEvent } from '../../src/contract/documents.js';
import { decide, type Answer, type Run } from '../../src/ledger/decide.js';
import { due, nextRun } from '../../src/ledger/due.js';
import { record, type SeenEvent } from '../../src/ledger/record.js';
import { setsOf } from '../../src/ledger/sets.js';
import { fires } from '../../src/ledger/triggering.js';
import { sha256 } from '../../src/shared/sha256.js';
import { explore, type Step } from './explorer.js';
import { at, axonOf, called, event, ledgerWith, NO_FACTS, runOf, sensorOf, START, succeeded } from './loop.js';

/*
 * All interleavings of duplicated, reordered, lost and late deliveries to a sensor, with its gates and sweeps killed at any call.
 *
 * A program changes the ledger only by compare-and-swap: a write after somebody else's fails and the program reads again, so what a run does to
 * the ledger is one step, done or not done. (The second test checks that on gates with single reads and writes, kills in between.)
 * That lets a state be the ledger alone, and every step below be possible in it at any time and any number of times:
 *
 *   - an event is recorded, in any order: by emit, or by the gate that it wakes. One that never is has been lost with its run;
 *   - the gate of an event's run decides: once for each delivery (a duplicate), again after a kill before or after its write, under another uid
 *     after its Workflow was cleaned up and made again, late or never (a lost delivery);
 *   - the gate of a run decides that sweep started for a set that was due.
 *
 * In every state that can be reached so: no event is in two sets, no set mixes rounds, no consumed set ever changes, no run passes without holding its
 * set, and a run that asks again is told the same. And if from here on nothing but sweep runs, every complete set has been consumed once in the end.
 */

interface Loop {
  readonly axon: AxonDocument;
  /** Runs that are known, by the sensor that consumed a set for them. */
  readonly runs: Readonly<Record<string, string>>;
  readonly events: readonly SeenEvent[];
  /** Whether events happen when they are recorded; else at the times that they carry. */
  readonly live?: boolean;
}

const LATER = START + 3_600_000;

test.each<readonly [string, Loop]>([
  ['three tasks of one run, two runs', threeTasks()],
  ['a pair of tasks of one run and a call, two of each', {
    axon: axonOf({ name: 'both', triggers: called('go'), runs: [['left', 'right']] }, { name: 'join', triggers: [...succeeded('left', 'right'), ...called('ok')] }),
    runs: { first: 'both', second: 'both' },
    events: [
      event('task', 'left', 'first', 1), event('task', 'right', 'first', 4), event('rest', 'ok', '1', 2),
      event('task', 'left', 'second', 3), event('task', 'right', 'second', 5), event('rest', 'ok', '2', 6),
    ],
  }],
  ['three calls, two of each, in the order of their times or against it', {
    axon: axonOf({ name: 'join', triggers: called('a', 'b', 'c'), runs: [['prepare']] }),
    runs: {},
    events: [
      event('rest', 'a', '1', 1), event('rest', 'b', '1', 2), event('rest', 'c', '1', 3),
      event('rest', 'a', '2', 4), event('rest', 'b', '2', 5), event('rest', 'c', '2', 6),
    ],
  }],
  ['two calls, two of each, which happen when they arrive', {
    axon: axonOf({ name: 'join', triggers: called('a', 'b'), runs: [['prepare']] }),
    runs: {},
    events: [event('rest', 'a', '1', 0), event('rest', 'b', '1', 0), event('rest', 'a', '2', 0), event('rest', 'b', '2', 0)],
    live: true,
  }],
  ['tasks that two sensors run apart and a third one together', {
    axon: axonOf(
      { name: 'x', triggers: called('x'), runs: [['left']] }, { name: 'y', triggers: called('y'), runs: [['right']] },
      { name: 'z', triggers: called('z'), runs: [['left'], ['right']] }, { name: 'join', triggers: succeeded('left', 'right') },
    ),
    runs: { 'x-1': 'x', 'x-2': 'x', 'y-1': 'y', 'y-2': 'y', 'z-1': 'z' },
    events: [
      event('task', 'left', 'x-1', 1), event('task', 'right', 'y-1', 2), event('task', 'left', 'z-1', 3), event('task', 'right', 'z-1', 6),
      event('task', 'left', 'x-2', 4), event('task', 'right', 'y-2', 5),
    ],
  }],
])('%s: each complete set is consumed once, none mixes rounds, and nothing waits for ever', (_, loop) => {
  const { axon, runs, events } = loop;
  const join = sensorOf(axon, 'join');
  const start = ledgerWith(axon, runs);
  const explored = explore(start, keyOf, (ledger) => [...recordings(loop, ledger), ...decisions(loop, ledger, join)], (ledger) => {
    check(loop, ledger, join);
    const swept = sweptOut(axon, ledger);
    check(loop, swept, join);
    expect(waiting(loop, swept, join)).toEqual([]);
  });
  // Each of the events is there or not, and of complete sets nobody or one of the runs has decided.
  expect(explored.states).toBeGreaterThan(2 ** events.length);
});

/** The order in which events were written down tells nothing. */
function keyOf({ events, sensors }: LedgerDocument): string {
  return JSON.stringify([Object.keys(events).sort().map((id) => [id, events[id]!.at]), sensors.join?.sets.map(({ run, events: ids }) => [run, ids])]);
}

function recordings({ axon, events, live }: Loop, ledger: LedgerDocument): Step<LedgerDocument>[] {
  const now = Object.keys(ledger.events).length;
  return events.filter(({ id }) => !Object.hasOwn(ledger.events, id)).map((one) => ({
    label: `${nameOf(one.event)} is recorded`,
    next: record(ledger, axon, [live ? { ...one, event: { ...one.event, at: at(now) } } : one]),
  }));
}

/** What the gates can do; those of duplicates and of Workflows made again have to do nothing new, which `told` checks. */
function decisions({ axon, events }: Loop, ledger: LedgerDocument, join: AxonSensor): Step<LedgerDocument>[] {
  const ofBus = events.filter(({ id }) => Object.hasOwn(ledger.events, id)).map((one) => ({ run: runOf(`digits-join-${one.id}`), woke: [one.id] }));
  const ofSweep = due(ledger, axon, LATER, 0).map((set) => ({ run: runOf(nextRun('digits', set, () => undefined, LATER, sha256)!), woke: [set.events[0]!] }));
  return [...ofBus, ...ofSweep].map(({ run, woke }) => ({ label: `${run.name} decides`, next: told(axon, ledger, join, run, woke).next }));
}

interface Told {
  readonly next: LedgerDocument;
  readonly answer: Answer;
}

/** Asks for a run, and checks what holds whenever one asks. */
function told(axon: AxonDocument, ledger: LedgerDocument, sensor: AxonSensor, run: Run, woke: readonly string[]): Told {
  const question = { sensor, run, woke };
  const first = answered(decide(ledger, axon, question, NO_FACTS, LATER, sha256));
  const holds = consumed(first.next).some((set) => set.run === run.name && set.uid === run.uid && set.events.join() === first.answer.events.join());
  expect(holds).toBe(first.answer.decision === 'pass');
  // What was consumed stays consumed, by the same run.
  expect(consumed(first.next).slice(0, consumed(ledger).length)).toEqual(consumed(ledger));
  // Killed after its write and started again.
  expect(answered(decide(first.next, axon, question, NO_FACTS, LATER + 1, sha256))).toEqual(first);
  // Cleaned up and made again under its name.
  if (holds) {
    const again = answered(decide(first.next, axon, { ...question, run: { ...run, uid: 'another' } }, NO_FACTS, LATER, sha256));
    expect([again.answer.decision, again.next]).toEqual(['already-ran', first.next]);
  }
  return first;
}

function check({ axon, runs }: Loop, ledger: LedgerDocument, join: AxonSensor): void {
  const sets = consumed(ledger);
  const used = sets.flatMap((set) => set.events);
  expect(new Set(used).size).toBe(used.length);
  const ofSet = (events: string[]) => events.map((id) => ledger.events[id]!);
  const joined = sets.map(({ events }) => join.triggers.map((trigger) => ofSet(events).filter((one) => fires('join', trigger, one))));
  for (const set of joined) {
    expect(set.map((one) => one.length)).toEqual(join.triggers.map(() => 1));
    for (const one of set.flat()) for (const other of set.flat()) expect(mixesRounds(axon, runs, one, other)).toBe(false);
  }
  // Sets that are no run's own follow each other: none reaches back behind the one before.
  const apart = joined.map((set) => set.flat()).filter((set) => new Set(set.map(({ runId }) => runId)).size > 1);
  apart.slice(1).forEach((set, index) => set.forEach((one, place) => {
    expect(Date.parse(one.at)).toBeGreaterThan(Date.parse(apart[index]![place]!.at));
  }));
}

/**
 * Sets that should have been consumed, found without the ledger's own search: all ways to take one unused event of each trigger that mix no
 * rounds and, where they are not the ends of one run, do not reach back behind an event that was used.
 */
function waiting({ axon, runs }: Loop, ledger: LedgerDocument, join: AxonSensor): string[] {
  const used = new Set(consumed(ledger).flatMap(({ events }) => events));
  const ofTrigger = join.triggers.map((trigger) => Object.entries(ledger.events).filter(([, one]) => fires('join', trigger, one)));
  const isBehind = ([, { at: time }]: [string, LedgerEvent], place: number) => (
    ofTrigger[place]!.some(([id, { at: other }]) => used.has(id) && other > time));
  const unused = ofTrigger.map((entries) => entries.filter(([id]) => !used.has(id)));
  const ways = unused.reduce<[string, LedgerEvent][][]>((before, entries) => before.flatMap((way) => entries.map((one) => [...way, one])), [[]]);
  return ways
    .filter((way) => way.every(([, one]) => way.every(([, other]) => !mixesRounds(axon, runs, one, other))))
    .filter((way) => way.every(([, { kind, runId }]) => kind === 'task' && runId === way[0]![1].runId) || !way.some(isBehind))
    .map((way) => way.map(([, one]) => nameOf(one)).join(' and '));
}

/** Two ends of tasks of different runs, of which one could have come with an end of its own run. */
function mixesRounds(axon: AxonDocument, runs: Loop['runs'], one: LedgerEvent, other: LedgerEvent): boolean {
  const brings = (run: string, task: string) => sensorOf(axon, runs[run]!).runs.flat().includes(task);
  if (one.kind !== 'task' || other.kind !== 'task' || one.runId === other.runId) return false;
  return brings(one.runId, other.subject) || brings(other.runId, one.subject);
}

/** The ledger once sweep has started, and their gates have decided, all that was due. */
function sweptOut(axon: AxonDocument, ledger: LedgerDocument): LedgerDocument {
  const sets = due(ledger, axon, LATER, 0);
  if (sets.length === 0) return ledger;
  return sweptOut(axon, sets.reduce((before, set) => {
    const run = runOf(nextRun('digits', set, () => undefined, LATER, sha256)!);
    return answered(decide(before, axon, { sensor: set.sensor, run, woke: [set.events[0]!] }, NO_FACTS, LATER, sha256)).next;
  }, ledger));
}

function answered({ next, result }: ReturnType<typeof decide>): Told {
  if (!('answer' in result)) throw new Error('nothing should have to be asked');
  return { next, answer: result.answer };
}

function consumed(ledger: LedgerDocument): ConsumedSet[] {
  return setsOf(ledger, 'join').flatMap((set) => (set.decision === 'consumed' ? [set] : []));
}

function nameOf({ subject, runId }: LedgerEvent): string {
  return `${subject} of ${runId}`;
}

function threeTasks(): Loop {
  const tasks = ['left', 'middle', 'right'];
  return {
    axon: axonOf({ name: 'all', triggers: called('go'), runs: [tasks] }, { name: 'join', triggers: succeeded(...tasks) }),
    runs: { first: 'all', second: 'all' },
    // Their times cross: neither run is the older one.
    events: ['first', 'second'].flatMap((run, round) => tasks.map((task, place) => event('task', task, run, place % 2 === round ? 10 + place : 20 - place))),
  };
}

/** What a program of the second check is at: it has not read, has read the ledger as it is, has read one that has changed since, or is through. */
type Progress = 'begun' | 'fresh' | 'stale' | 'through';

interface World {
  readonly ledger: LedgerDocument;
  /** By name; a program that is not there was not started. */
  readonly programs: Readonly<Record<string, Progress>>;
  /** What gates let pass: uid of the run and its set. */
  readonly passed: readonly string[];
}

/** A program as its calls of the API: it reads the ledger, writes the change if nobody else did, and goes on. */
interface Program {
  change(ledger: LedgerDocument): LedgerDocument;
  /** Once its write is through. */
  then(before: World): World;
}

test('the same with single reads and writes: emits, gates, one of them made again, and sweep, each killed before and after each of its calls', () => {
  const tasks = ['left', 'right'];
  const axon = axonOf({ name: 'both', triggers: called('go'), runs: [tasks] }, { name: 'join', triggers: succeeded(...tasks) });
  const runs = { first: 'both', second: 'both' };
  const join = sensorOf(axon, 'join');
  const events = [event('task', 'left', 'first', 1), event('task', 'right', 'first', 3), event('task', 'left', 'second', 2)];
  const ledgers = new Ledgers();
  const start = (world: World, ...names: string[]): World => ({
    ...world, programs: { ...Object.fromEntries(names.map((name): [string, Progress] => [name, 'begun'])), ...world.programs },
  });
  const gate = (name: string, uid: string, one: SeenEvent, next: string[] = []): Program => {
    const decided = ledgers.remembered((ledger) => answered(decide(
      record(ledger, axon, [one]), axon, { sensor: join, run: { name, uid }, woke: [one.id] }, NO_FACTS, LATER, sha256,
    )));
    return {
      change: (ledger) => decided(ledger).next,
      then: (world) => {
        const { answer } = decided(world.ledger);
        const passed = answer.decision === 'pass' ? [...new Set([...world.passed, `${uid} ${answer.events.join()}`])].sort() : world.passed;
        return start({ ...world, passed }, ...next);
      },
    };
  };
  const programs: Record<string, Program> = {};
  for (const one of events) {
    const name = nameOf(one.event);
    const run = `digits-join-${one.id}`;
    programs[`emit ${name}`] = { change: ledgers.remembered((ledger) => record(ledger, axon, [one])), then: (world) => start(world, `gate ${name}`) };
    programs[`gate ${name}`] = gate(run, `${run}-1`, one, one === events[1] ? [`gate ${name} again`] : []);
    programs[`gate ${name} again`] = gate(run, `${run}-2`, one);
  }
  programs.sweep = {
    change: (ledger) => ledger,
    then: (world) => start(world, ...due(world.ledger, axon, LATER, 0).map((set) => {
      const run = nextRun('digits', set, () => undefined, LATER, sha256)!;
      programs[run] ??= gate(run, `${run}-1`, events.find(({ id }) => id === set.events[0])!);
      return run;
    })),
  };
  const begun = start({ ledger: ledgerWith(axon, runs), programs: {}, passed: [] }, 'sweep', ...events.map((one) => `emit ${nameOf(one.event)}`));
  const checked = ledgers.remembered((ledger) => {
    check({ axon, runs, events }, ledger, join);
    return consumed(ledger).map(({ uid, events: ids }) => `${uid} ${ids.join()}`);
  });

  const explored = explore(begun, (world) => `${ledgers.idOf(world.ledger)} ${JSON.stringify(Object.entries(world.programs).sort())} ${world.passed.join(' ')}`,
    (world) => Object.keys(world.programs).flatMap((name) => callsOf(world, name, programs[name]!)), ({ ledger, passed }) => {
      const held = checked(ledger);
      if (!passed.every((one) => held.includes(one))) throw new Error(`${passed.join(' and ')} passed, and the ledger says ${held.join(' and ')}`);
    });
  expect(explored.states).toBeGreaterThan(10_000);
});

/** Gives equal ledgers one number, and computes what follows from one once. */
class Ledgers {
  private readonly ids = new Map<string, number>();
  private readonly known = new WeakMap<LedgerDocument, number>();

  idOf(ledger: LedgerDocument): number {
    const known = this.known.get(ledger);
    if (known !== undefined) return known;
    const key = keyOf(ledger);
    const id = this.ids.get(key) ?? this.ids.size;
    this.ids.set(key, id);
    this.known.set(ledger, id);
    return id;
  }

  remembered<R>(compute: (ledger: LedgerDocument) => R): (ledger: LedgerDocument) => R {
    const results = new Map<number, R>();
    return (ledger) => {
      const id = this.idOf(ledger);
      if (!results.has(id)) results.set(id, compute(ledger));
      return results.get(id)!;
    };
  }
}

function callsOf(world: World, name: string, program: Program): Step<World>[] {
  const to = (progress: Progress, from: World = world): World => ({ ...from, programs: { ...from.programs, [name]: progress } });
  switch (world.programs[name]!) {
    case 'begun': return [{ label: `${name} reads`, next: to('fresh') }];
    case 'stale': return [{ label: `${name} is told of a conflict, or is killed`, next: to('begun') }];
    case 'through': return [];
    case 'fresh': {
      const ledger = program.change(world.ledger);
      const others = keyOf(ledger) === keyOf(world.ledger) ? world.programs
        : Object.fromEntries(Object.entries(world.programs).map(([other, progress]): [string, Progress] => [other, progress === 'fresh' ? 'stale' : progress]));
      const written = { ...world, ledger, programs: others };
      return [
        { label: `${name} is killed before its write`, next: to('begun') },
        { label: `${name} is killed after its write`, next: to('begun', written) },
        { label: `${name} writes`, next: to('through', program.then(written)) },
      ];
    }
  }
}
