import type { LedgerDocument } from '../../src/contract/documents.js';
import { decide, type Answer } from '../../src/ledger/decide.js';
import { due, nextRun } from '../../src/ledger/due.js';
import { record } from '../../src/ledger/record.js';
import { SensorSets } from '../../src/ledger/sets.js';
import { endRetrains } from '../../src/ledger/settle.js';
import { sha256 } from '../../src/shared/sha256.js';
import { timeText } from '../../src/shared/time.js';
import { explore, type Step } from './explorer.js';
import { axonOf, event, ledgerWith, sensorOf, START } from './loop.js';

/*
 * A guard under all interleavings of three alerts, their gates (each as often and as late as it likes), retrains that end at any time or never,
 * sweeps and the passing of time in steps of a minute. However it comes, retrains keep their distance, their budget and do not overlap, and from
 * every state the last alert of each version gets its retrain in the end if retrains end, time passes and sweep runs; those before it wait no more.
 */
const MINUTE = 60_000;
const GUARD = { cooldownSeconds: 60, budget: { runs: 2, windowSeconds: 240, backoff: 2 }, sameData: 'allow', generations: 'any' } as const;
const AXON = axonOf({ name: 'decayed', triggers: [{ kind: 'alert', name: 'decayed', alert: 'a', expression: 'up < 1' }], runs: [['prepare']], guard: GUARD });
const [OLD, NEW] = ['0123456789', 'abcdef0123'] as const;
const ALERTS = [OLD, OLD, NEW].map((version, number) => event('alert', 'decayed', `f${number}@x`, number, { version }));
const LAST = ALERTS.slice(1).map(({ id }) => id);
const FACTS = { live: {}, firing: Object.fromEntries(ALERTS.map(({ id }) => [id, true])), samples: {} };

interface World {
  readonly ledger: LedgerDocument;
  readonly minute: number;
}

function asked({ ledger, minute }: World, run: string, id: string): { readonly next: LedgerDocument; readonly answer: Answer } {
  const question = { sensor: sensorOf(AXON, 'decayed'), run: { name: run, uid: run }, woke: [id] };
  const { next, result } = decide(ledger, AXON, question, FACTS, START + minute * MINUTE, sha256);
  if (!('answer' in result)) throw new Error('everything is known');
  return { next, answer: result.answer };
}

/** The ledger once the retrain that runs, if one does, is over. */
function ended({ ledger, minute }: World): LedgerDocument {
  const { running } = ledger.models.decayed ?? {};
  return running === undefined ? ledger : endRetrains(ledger, new Map([[running, timeText(START + minute * MINUTE)]]));
}

/** What sweep starts, as their gates decide. */
function swept(world: World): Step<World>[] {
  return due(world.ledger, AXON, START + world.minute * MINUTE, MINUTE).map((set) => {
    const name = nextRun('digits', set, () => undefined, 0, sha256)!;
    return { label: `${name} decides`, next: { ...world, ledger: asked(world, name, set.events[0]!).next } };
  });
}

function steps(world: World): Step<World>[] {
  const { ledger, minute } = world;
  const running = ledger.models.decayed?.running;
  return [
    ...ALERTS.map(({ id }) => ({ label: `digits-decayed-${id} decides`, next: { ...world, ledger: asked(world, `digits-decayed-${id}`, id).next } })),
    ...swept(world),
    ...(running === undefined ? [] : [{ label: `${running} ends`, next: { ...world, ledger: ended(world) } }]),
    ...(minute < 4 ? [{ label: 'a minute passes', next: { ...world, minute: minute + 1 } }] : []),
  ];
}

function check({ ledger }: World): void {
  const starts = (ledger.models.decayed?.retrains ?? []).map(({ at }) => Date.parse(at));
  const consumed = (ledger.sensors.decayed?.sets ?? []).filter(({ decision }) => decision === 'consumed');
  if (starts.length !== consumed.length) throw new Error('a retrain was not counted, or counted twice');
  starts.forEach((start, index) => {
    if (index > 0 && start - starts[index - 1]! < GUARD.cooldownSeconds * 1000) throw new Error('too soon after the last');
    if (starts.filter((other) => other > start - GUARD.budget.windowSeconds * 1000 && other <= start).length > GUARD.budget.runs) throw new Error('over the budget');
  });
}

/** Lets retrains end, time pass and sweep run. */
function settled(world: World): LedgerDocument {
  let current = world;
  for (let minute = 0; minute < 60; minute++) {
    current = { minute: current.minute + 1, ledger: ended(current) };
    current = swept(current)[0]?.next ?? current;
    check(current);
  }
  return current.ledger;
}

/** Of a run only matters whether it is the alert's own, which asks again, or one that sweep started. */
function keyOf({ ledger, minute }: World): string {
  const sets = (ledger.sensors.decayed?.sets ?? []).map((set) => [set.events, set.decision, 'until' in set && set.until, set.run.endsWith(set.events[0]!)]);
  const { retrains = [], exhausted, running } = ledger.models.decayed ?? {};
  const known = retrains.map((one) => [one.at, one.ended]);
  return JSON.stringify([minute, sets.map((set) => JSON.stringify(set)).sort(), known, exhausted, running !== undefined]);
}

test('retrains never overlap, hurry or overspend, and the last alert of each version has its turn', () => {
  const start: World = { ledger: record(ledgerWith(AXON), AXON, ALERTS), minute: 0 };
  const explored = explore(start, keyOf, steps, (world) => {
    check(world);
    const ledger = settled(world);
    const sets = ledger.sensors.decayed!.sets;
    const consumed = new Set(sets.flatMap(({ decision, events }) => (decision === 'consumed' ? events : [])));
    const waiting = new SensorSets(ledger, AXON, sensorOf(AXON, 'decayed')).deferred();
    if (waiting.length > 0 || !LAST.every((id) => consumed.has(id))) {
      throw new Error(`somebody waits for ever: ${sets.map(({ decision, events }) => `${decision} ${events.join()}`).join(', ')}`);
    }
  });
  expect(explored.states).toBeGreaterThan(1000);
});
