import fc from 'fast-check';
import type { AxonDocument, LedgerDocument } from '../../src/contract/documents.js';
import { record, type SeenEvent } from '../../src/ledger/record.js';
import { SensorSets } from '../../src/ledger/sets.js';
import { ask, at, axonOf, called, event, ledgerWith, runOf, sensorOf, succeeded } from './loop.js';

function complete(ledger: LedgerDocument, axon: AxonDocument, sensor = 'join'): string[][] {
  return new SensorSets(ledger, axon, sensorOf(axon, sensor)).complete();
}

const ids = (...events: SeenEvent[]) => events.map(({ id }) => id).sort();

describe('a sensor with one trigger', () => {
  const axon = axonOf({ name: 'call', triggers: called('go'), runs: [['prepare']] });

  test('has a set for each event, oldest first', () => {
    const calls = [event('rest', 'go', 'b', 2), event('rest', 'go', 'a', 1), event('rest', 'go', 'c', 3)];
    expect(complete(record(ledgerWith(axon), axon, calls), axon, 'call')).toEqual([ids(calls[1]!), ids(calls[0]!), ids(calls[2]!)]);
  });

  test('has none of what another trigger of that name does', () => {
    const others = [event('calendar', 'go', 'a', 1), event('task', 'go', 'b', 2)];
    expect(complete(record(ledgerWith(axon), axon, others), axon, 'call')).toEqual([]);
  });
});

test('alerts and schedules of two sensors are not taken for each other, though they are called the same', () => {
  const trigger = { kind: 'calendar', name: 'night', schedule: '0 3 * * *' } as const;
  const axon = axonOf({ name: 'early', triggers: [trigger], runs: [['prepare']] }, { name: 'late', triggers: [trigger], runs: [['prepare']] });
  const tick = event('calendar', 'early-night', '2026-03-01T03:00:00Z', 0);
  const ledger = record(ledgerWith(axon), axon, [tick]);
  expect([complete(ledger, axon, 'early'), complete(ledger, axon, 'late')]).toEqual([[ids(tick)], []]);
});

describe('a sensor that joins the tasks of one run', () => {
  const axon = axonOf({ name: 'both', triggers: called('go'), runs: [['left', 'right']] }, { name: 'join', triggers: succeeded('left', 'right') });
  const runs = { first: 'both', second: 'both' };
  const [left1, right1, left2, right2] = [
    event('task', 'left', 'first', 1), event('task', 'right', 'first', 4), event('task', 'left', 'second', 2), event('task', 'right', 'second', 3),
  ] as const;

  test('never joins ends of two runs', () => {
    expect(complete(record(ledgerWith(axon, runs), axon, [left1, right2]), axon)).toEqual([]);
  });

  test('has a set of every run, also of one that gets complete after a later one was consumed', () => {
    const later = record(ledgerWith(axon, runs), axon, [left1, left2, right2]);
    const { next } = ask(later, axon, 'join', runOf('digits-join-1'), [right2]);
    expect(complete(record(next, axon, [right1]), axon)).toEqual([ids(left1, right1)]);
  });

  test('does not join the end of a run that nobody knows with that of another: it may have been of the same sensor', () => {
    const stray = event('task', 'left', 'stray', 1);
    expect(complete(record(ledgerWith(axon, runs), axon, [stray, right1]), axon)).toEqual([]);
  });

  test('finds the same sets in whatever order events were recorded', () => {
    const all = [left1, right1, left2, right2];
    const expected = complete(record(ledgerWith(axon, runs), axon, all), axon);
    expect(expected).toHaveLength(2);
    fc.assert(fc.property(fc.shuffledSubarray(all, { minLength: 4 }), (order) => {
      const ledger = order.reduce((before, one) => record(before, axon, [one]), ledgerWith(axon, runs));
      expect(complete(ledger, axon)).toEqual(expected);
    }));
  });
});

describe('a sensor that joins tasks of sensors which run one of them each', () => {
  const axon = axonOf(
    { name: 'x', triggers: called('x'), runs: [['left']] }, { name: 'y', triggers: called('y'), runs: [['right']] },
    { name: 'z', triggers: called('z'), runs: [['left'], ['right']] }, { name: 'join', triggers: succeeded('left', 'right') },
  );
  const ledger = ledgerWith(axon, { 'x-1': 'x', 'x-2': 'x', 'y-1': 'y', 'y-2': 'y', 'z-1': 'z' });

  test('joins the newest of each, and what was older is spent', () => {
    const [old, left, right] = [event('task', 'left', 'x-1', 1), event('task', 'left', 'x-2', 2), event('task', 'right', 'y-1', 3)] as const;
    const ready = record(ledger, axon, [old, left, right]);
    expect(complete(ready, axon)).toEqual([ids(left, right)]);
    const { next } = ask(ready, axon, 'join', runOf('digits-join-1'), [right]);
    const again = record(next, axon, [event('task', 'right', 'y-2', 4)]);
    expect(complete(again, axon)).toEqual([]);
    expect(new SensorSets(again, axon, sensorOf(axon, 'join')).isSpent(old.id, old.event)).toBe(true);
  });

  test('leaves the end of a run that brings its companion itself to that run', () => {
    const [mine, theirs] = [event('task', 'left', 'z-1', 1), event('task', 'right', 'y-1', 2)] as const;
    const waiting = record(ledger, axon, [mine, theirs]);
    expect(complete(waiting, axon)).toEqual([]);
    const own = event('task', 'right', 'z-1', 3);
    expect(complete(record(waiting, axon, [own]), axon)).toEqual([ids(mine, own)]);
  });
});

describe('a sensor that joins the tasks of a run with a call', () => {
  const axon = axonOf({ name: 'both', triggers: called('go'), runs: [['left', 'right']] }, { name: 'join', triggers: [...succeeded('left', 'right'), ...called('ok')] });
  const ledger = ledgerWith(axon, { first: 'both', second: 'both' });
  const pair = (run: string, seconds: number) => [event('task', 'left', run, seconds), event('task', 'right', run, seconds + 1)] as const;

  test('takes the newest complete run and the newest call', () => {
    const [one, two, calls] = [pair('first', 1), pair('second', 3), [event('rest', 'ok', 'a', 5), event('rest', 'ok', 'b', 6)]];
    expect(complete(record(ledger, axon, [...one, ...two, ...calls]), axon)).toEqual([ids(...two, calls[1]!)]);
  });

  test('takes the older run as long as the newer is not complete', () => {
    const [one, [half], call] = [pair('first', 1), pair('second', 3), event('rest', 'ok', 'a', 5)];
    expect(complete(record(ledger, axon, [...one, half, call]), axon)).toEqual([ids(...one, call)]);
  });

  test('does not go back to a run that is older than the one it took', () => {
    const [one, two, calls] = [pair('first', 1), pair('second', 3), [event('rest', 'ok', 'a', 5), event('rest', 'ok', 'b', 6)]];
    const { next } = ask(record(ledger, axon, [...two, calls[0]!]), axon, 'join', runOf('digits-join-1'), [calls[0]!]);
    expect(complete(record(next, axon, [...one, calls[1]!]), axon)).toEqual([]);
  });
});

test('a success does not wait for the failure of its own run', () => {
  const failed = { kind: 'task', name: 'left-failed', task: 'left', phase: 'failed' } as const;
  const axon = axonOf({ name: 'x', triggers: called('x'), runs: [['left']] }, { name: 'join', triggers: [...succeeded('left'), failed] });
  const events = [event('task', 'left', 'x-1', 1), event('task', 'left', 'x-2', 2, { phase: 'failed' })];
  expect(complete(record(ledgerWith(axon, { 'x-1': 'x', 'x-2': 'x' }), axon, events), axon)).toEqual([ids(...events)]);
});

test('a run-once sensor has a set for each fingerprint', () => {
  const axon = axonOf({ name: 'start', once: { fingerprint: '0123456789' }, runs: [['prepare']] });
  const starts = [event('once', 'start', '0123456789', 1), event('once', 'start', 'abcdef0123', 2)];
  expect(complete(record(ledgerWith(axon), axon, starts), axon, 'start')).toEqual([ids(starts[0]!), ids(starts[1]!)]);
});

describe('a deferred set', () => {
  const axon = axonOf({ name: 'join', triggers: called('a', 'b'), runs: [['prepare']] });
  const deferred = (ledger: LedgerDocument, ...events: SeenEvent[]): LedgerDocument => ({
    ...ledger,
    sensors: {
      join: {
        sets: [...(ledger.sensors.join?.sets ?? []), {
          decision: 'deferred',
          run: 'digits-join-1',
          uid: 'u',
          events: ids(...events),
          until: at(100),
          at: at(5),
          numbers: [],
          reasons: [{ code: 'cooldown', message: 'too soon' }],
        }],
      },
    },
  });
  const [a1, b1, a2, b2] = [event('rest', 'a', '1', 1), event('rest', 'b', '1', 2), event('rest', 'a', '2', 3), event('rest', 'b', '2', 4)] as const;

  test('keeps its events: no other set holds them', () => {
    const ledger = deferred(record(ledgerWith(axon), axon, [a1, b1, a2]), a1, b1);
    expect(complete(ledger, axon)).toEqual([]);
    expect(new SensorSets(ledger, axon, sensorOf(axon, 'join')).deferred()).toHaveLength(1);
  });

  test('comes to nothing when a newer set was decided', () => {
    const ledger = deferred(record(ledgerWith(axon), axon, [a1, b1, a2, b2]), a1, b1);
    const { next } = ask(ledger, axon, 'join', runOf('digits-join-2'), [b2]);
    expect(new SensorSets(next, axon, sensorOf(axon, 'join')).deferred()).toEqual([]);
    expect(ask(next, axon, 'join', runOf('digits-join-3'), [b1]).answer.decision).toBe('taken');
  });

  describe('of an alert', () => {
    const watched = axonOf({
      name: 'join', triggers: [{ kind: 'alert', name: 'decayed', alert: 'digits-decayed', model: 'model', expression: 'up < 1' }], runs: [['prepare']],
    });
    const alert = (runId: string, seconds: number, version: string): SeenEvent => event('alert', 'join-decayed', runId, seconds, { model: 'model', version });
    const [old, again, other] = [alert('f@1', 1, '0123456789'), alert('f@2', 2, '0123456789'), alert('g@1', 3, 'abcdef0123')] as const;
    const left = (ledger: LedgerDocument): string[][] => new SensorSets(ledger, watched, sensorOf(watched, 'join')).deferred().map(({ events }) => events);

    test('comes to nothing when a later alert of the version was decided, so that a storm leaves one to look at again', () => {
      const ledger = deferred(deferred(record(ledgerWith(watched), watched, [old, again, other]), old), again);
      expect(left(ledger)).toEqual([ids(again)]);
      expect(ask(ledger, watched, 'join', runOf('digits-join-9'), [old]).answer.decision).toBe('taken');
    });

    test('stays while the later one is of another version, or not decided', () => {
      const recorded = record(ledgerWith(watched), watched, [old, again, other]);
      expect(left(deferred(deferred(recorded, old), other))).toEqual([ids(old), ids(other)]);
      expect(left(deferred(recorded, old))).toEqual([ids(old)]);
    });
  });
});
