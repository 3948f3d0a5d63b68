import fc from 'fast-check';
import type { AxonDocument, LedgerDocument, Release, SensorGuard } from '../../src/contract/documents.js';
import type { Facts } from '../../src/ledger/conditions.js';
import type { Answer } from '../../src/ledger/decide.js';
import { due, nextRun } from '../../src/ledger/due.js';
import { liveVersions } from '../../src/ledger/live.js';
import { record, type SeenEvent } from '../../src/ledger/record.js';
import { renewal } from '../../src/ledger/renewal.js';
import { endRetrains } from '../../src/ledger/settle.js';
import { sha256 } from '../../src/shared/sha256.js';
import { ask, at, axonOf, called, event, ledgerWith, runOf, sensorOf, START, succeeded } from './loop.js';

const [OLD, NEW] = ['aaaaaaaaaa', 'bbbbbbbbbb'] as const;
const GUARD: SensorGuard = {
  model: 'model', cooldownSeconds: 600, budget: { runs: 3, windowSeconds: 20_000, backoff: 2 }, sameData: 'allow', generations: 'newest',
};
const ALERT = { kind: 'alert', name: 'decayed', alert: 'digits-decayed', model: 'model', expression: 'up < 1' } as const;

const axonWith = (guard: Partial<SensorGuard> = {}, sensor: object = {}) => axonOf({
  name: 'decayed', triggers: [ALERT], runs: [['prepare'], ['train']], guard: { ...GUARD, ...guard }, ...sensor,
});
const AXON = axonWith();
const FIRST = event('alert', 'decayed', `0f@${at(0)}`, 0, { model: 'model', version: OLD });

const release = (version: string, state: Release['state'], seconds: number): Release => ({
  model: 'model', version, state, events: ['0123456789abcdef'], runs: {}, metrics: {}, images: {}, at: at(seconds), why: 'a test',
});
const LIVE = [release(OLD, 'live', -1000)];

/** What comes of the last alert of a ledger, which fires on. */
function renewedAt(ledger: LedgerDocument, seconds: number, releases: readonly Release[] = LIVE, axon: AxonDocument = AXON): SeenEvent[] {
  const alerts = Object.entries(ledger.events).filter(([, { kind }]) => kind === 'alert').sort(([, a], [, b]) => (a.at < b.at ? -1 : 1));
  const [id, last] = alerts.at(-1)!;
  const known = { axon, sensor: sensorOf(axon, 'decayed'), ledger, releases, now: START + seconds * 1000 };
  return [renewal(known, id, last, sha256) ?? []].flat();
}

/** The gate of an alert's run decides. */
function decided(
  ledger: LedgerDocument, axon: AxonDocument, alert: SeenEvent, seconds: number, facts: Partial<Facts> = {},
): { next: LedgerDocument; answer: Answer } {
  const known: Facts = { live: liveVersions(LIVE), firing: { [alert.id]: true }, samples: {}, ...facts };
  return ask(record(ledger, axon, [alert]), axon, 'decayed', runOf(`digits-decayed-${seconds}`), [alert], known, seconds);
}

/** A ledger in which an alert has retrained, and its run was over so many seconds after it began. */
function retrained(axon: AxonDocument = AXON, takes = 100): LedgerDocument {
  return endRetrains(decided(ledgerWith(axon), axon, FIRST, 0).next, new Map([['digits-decayed-0', at(takes)]]));
}

test('an alert whose retraining brought no version comes again when the cooldown is over', () => {
  const ledger = retrained();
  expect(renewedAt(ledger, 699)).toEqual([]);
  expect(renewedAt(ledger, 700)).toEqual([event('alert', 'decayed', `0f~2@${at(0)}`, 700, { model: 'model', version: OLD })]);
});

test('of two sweeps, and of a later one, each finds the same event', () => {
  const [now] = renewedAt(retrained(), 700);
  expect(renewedAt(retrained(), 5000)).toEqual([now]);
});

test('it comes once until it is decided about, and then under the next number', () => {
  const [second] = renewedAt(retrained(), 700);
  const told = record(retrained(), AXON, [second!]);
  expect(renewedAt(told, 5000)).toEqual([]);
  const { next, answer } = decided(told, AXON, second!, 720);
  expect(answer.decision).toBe('pass');
  const over = endRetrains(next, new Map([['digits-decayed-720', at(800)]]));
  expect([renewedAt(over, 1399), renewedAt(over, 1400).map((one) => one.event.runId)]).toEqual([[], [`0f~3@${at(0)}`]]);
});

test('sweep starts its run at once, since no delivery will', () => {
  const ledger = record(retrained(), AXON, renewedAt(retrained(), 900));
  expect(due(ledger, AXON, START + 900_000, 60_000).map(({ events }) => events)).toEqual([renewedAt(retrained(), 900).map(({ id }) => id)]);
});

test('it does not come while the retraining runs, nor while it was put off', () => {
  const running = decided(ledgerWith(AXON), AXON, FIRST, 0).next;
  expect(renewedAt(running, 90_000)).toEqual([]);
  const later = event('alert', 'decayed', `0f@${at(50)}`, 50, { model: 'model', version: OLD });
  const put = decided(running, AXON, later, 60).next;
  expect(renewedAt(endRetrains(put, new Map([['digits-decayed-0', at(100)]])), 90_000)).toEqual([]);
});

test('it does not come beyond the budget', () => {
  const axon = axonWith({ budget: { runs: 1, windowSeconds: 5000, backoff: 1 } });
  expect([renewedAt(retrained(axon), 4999, LIVE, axon), renewedAt(retrained(axon), 5000, LIVE, axon).length]).toEqual([[], 1]);
});

test('what the retraining brings about has five minutes, however short the cooldown is', () => {
  const axon = axonWith({ cooldownSeconds: 0 });
  expect([renewedAt(retrained(axon), 399, LIVE, axon), renewedAt(retrained(axon), 400, LIVE, axon).length]).toEqual([[], 1]);
});

test.each([
  ['a newer version is live', [release(NEW, 'live', 200), ...LIVE]],
  ['a newer version is being deployed', [release(NEW, 'deploying', 89_000), ...LIVE]],
  ['its version was removed', [release(NEW, 'live', 200), release(OLD, 'retired', -1000)]],
  ['no version is known', []],
])('it does not come when %s', (_, releases) => {
  expect(renewedAt(retrained(), 90_000, releases)).toEqual([]);
});

test.each(['failed', 'superseded', 'retired'] as const)('it does come when the new version is %s and the old one still the newest', (state) => {
  expect(renewedAt(retrained(), 90_000, [release(NEW, state, 200), ...LIVE])).toHaveLength(1);
});

test('it does come when the deployment of a newer version was lost, hours ago', () => {
  expect(renewedAt(retrained(), 90_000, [release(NEW, 'deploying', 200), ...LIVE])).toHaveLength(1);
});

test('it does not come while what was trained waits for a word to be deployed', () => {
  const axon = axonOf(
    { name: 'decayed', triggers: [ALERT], runs: [['prepare'], ['train']], guard: GUARD },
    { name: 'ship', triggers: [...succeeded('train'), ...called('approve')], runs: [['model']] },
  );
  const ledger = record(retrained(axon), axon, [event('task', 'train', 'digits-decayed-0', 90)]);
  expect(renewedAt(ledger, 90_000, LIVE, axon)).toEqual([]);
  const shipped = record(ledger, axon, [event('rest', 'approve', 'yes', 95)]);
  const { next } = ask(shipped, axon, 'ship', runOf('digits-ship-1'), [event('rest', 'approve', 'yes', 95)]);
  expect(renewedAt(next, 90_000, LIVE, axon)).toHaveLength(1);
});

test('a set that was put off and that a later alert has spent waits for nothing', () => {
  const running = decided(ledgerWith(AXON), AXON, FIRST, 0).next;
  const [second, third] = [20, 30].map((seconds) => event('alert', 'decayed', `0f@${at(seconds)}`, seconds, { model: 'model', version: OLD }));
  const put = decided(running, AXON, second!, 40).next;
  expect(renewedAt(endRetrains(put, new Map([['digits-decayed-0', at(100)]])), 90_000)).toEqual([]);
  const spent = decided(put, AXON, third!, 50, { firing: { [third!.id]: false } }).next;
  const known = {
    axon: AXON, sensor: sensorOf(AXON, 'decayed'), ledger: endRetrains(spent, new Map([['digits-decayed-0', at(100)]])), releases: LIVE, now: START + 90_000_000,
  };
  expect(renewal(known, second!.id, second!.event, sha256)!.event.runId).toBe(`0f~2@${at(20)}`);
});

test('it comes after every alert of its trigger that was decided', () => {
  const other = event('alert', 'decayed', `1f@${at(5000)}`, 5000, { model: 'model', version: NEW });
  const [again] = renewedAt(retrained(), 700);
  const later = decided(retrained(), AXON, other, 5000, { live: { model: [OLD, NEW] } }).next;
  const known = { axon: AXON, sensor: sensorOf(AXON, 'decayed'), ledger: later, releases: LIVE, now: START + 90_000_000 };
  const renewed = renewal(known, FIRST.id, FIRST.event, sha256)!;
  expect([renewed.id, Date.parse(renewed.event.at)]).toEqual([again!.id, START + 5_000_001]);
});

describe('an alert that names no version', () => {
  const alert = event('alert', 'decayed', `0f@${at(0)}`, 0);
  const ledger = endRetrains(decided(ledgerWith(AXON), AXON, alert, 0).next, new Map([['digits-decayed-0', at(100)]]));

  test('comes again until the model has another version', () => {
    expect([renewedAt(ledger, 700).length, renewedAt(ledger, 700, [release(NEW, 'live', 200)])]).toEqual([1, []]);
  });

  test('never comes again where no model is retrained: nobody could tell what answers it', () => {
    const { model: _, ...trigger } = ALERT;
    const axon = axonWith({ model: undefined }, { triggers: [trigger] });
    const own = endRetrains(decided(ledgerWith(axon), axon, alert, 0).next, new Map([['digits-decayed-0', at(100)]]));
    expect(renewedAt(own, 90_000, LIVE, axon)).toEqual([]);
  });
});

test('an alert that a condition refused is looked at again a cooldown later, since the condition may be met then', () => {
  const axon = axonWith({}, { conditions: [{ kind: 'promql', expression: 'vector(1) > 2' }] });
  const { next, answer } = decided(ledgerWith(axon), axon, FIRST, 0, { samples: { 'vector(1) > 2': [] } });
  expect(answer.decision).toBe('refused');
  expect([renewedAt(next, 599, LIVE, axon), renewedAt(next, 600, LIVE, axon).length]).toEqual([[], 1]);
});

test('an alert that was refused because it did not fire comes again a cooldown later if it does', () => {
  const { next } = decided(ledgerWith(AXON), AXON, FIRST, 0, { firing: { [FIRST.id]: false } });
  expect([renewedAt(next, 599), renewedAt(next, 600).length]).toEqual([[], 1]);
});

test('a sensor that waits for a call, too, gets the alert again and still waits for the call', () => {
  const axon = axonWith({}, { triggers: [ALERT, ...called('go')] });
  const go = event('rest', 'go', 'call-1', 1);
  const told = record(ledgerWith(axon), axon, [FIRST, go]);
  const { next } = ask(told, axon, 'decayed', runOf('digits-decayed-0'), [FIRST], { live: liveVersions(LIVE), firing: { [FIRST.id]: true }, samples: {} }, 5);
  const over = endRetrains(next, new Map([['digits-decayed-0', at(100)]]));
  const again = record(over, axon, renewedAt(over, 700, LIVE, axon));
  expect(due(again, axon, START + 90_000_000, 60_000)).toEqual([]);
  const call = event('rest', 'go', 'call-2', 800);
  expect(due(record(again, axon, [call]), axon, START + 90_000_000, 60_000).map(({ events }) => events.length)).toEqual([2]);
});

test('an alert that fires on retrains again and again, never within the cooldown or beyond the budget, and stops with a version or its own end', () => {
  const takes = fc.integer({ min: 1, max: 3000 });
  fc.assert(fc.property(fc.array(takes, { minLength: 1, maxLength: 8 }), fc.integer({ min: 0, max: 900 }), fc.constantFrom('version', 'end'), (durations, cooldown, how) => {
    const axon = axonWith({ cooldownSeconds: cooldown });
    let ledger = decided(ledgerWith(axon), axon, FIRST, 0).next;
    let releases: readonly Release[] = LIVE;
    let firing = true;
    const starts = [0];
    let [end, left] = [durations[0]!, durations.slice(1)];
    for (let seconds = 0; seconds < 200_000; seconds += 300) {
      const now = START + seconds * 1000;
      const { running } = ledger.models.model!;
      if (running !== undefined && seconds >= end) {
        ledger = endRetrains(ledger, new Map([[running, at(end)]]));
        if (left.length === 0 && how === 'version') releases = [release(NEW, 'live', end), ...LIVE];
        if (left.length === 0 && how === 'end') firing = false;
      }
      if (firing) ledger = record(ledger, axon, renewedAt(ledger, seconds, releases, axon));
      for (const set of due(ledger, axon, now, 60_000)) {
        const run = nextRun('digits', set, () => undefined, now, sha256)!;
        const facts = { live: liveVersions(releases), firing: { [set.events[0]!]: firing }, samples: {} };
        const { next, answer } = ask(ledger, axon, 'decayed', runOf(run), [{ id: set.events[0]!, event: ledger.events[set.events[0]!]! }], facts, seconds);
        ledger = next;
        if (answer.decision !== 'pass') continue;
        expect(seconds - end).toBeGreaterThanOrEqual(cooldown);
        starts.push(seconds);
        [end, left] = [seconds + left[0]!, left.slice(1)];
      }
    }
    expect(starts).toHaveLength(durations.length);
    starts.forEach((start, index) => expect(starts[index + 3] ?? Infinity).toBeGreaterThan(start + 20_000 - 1));
    expect(due(ledger, axon, START + 200_000_000, 60_000)).toEqual([]);
  }), { numRuns: 60 });
});
