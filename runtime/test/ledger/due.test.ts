import type { AxonDocument, LedgerDocument } from '../../src/contract/documents.js';
import { due, nextRun, type Due, type RunState } from '../../src/ledger/due.js';
import { record, type SeenEvent } from '../../src/ledger/record.js';
import { sha256 } from '../../src/shared/sha256.js';
import { at, axonOf, called, event, ledgerWith, sensorOf, START } from './loop.js';

const GUARD = { cooldownSeconds: 0, budget: { runs: 1, windowSeconds: 60, backoff: 1 }, sameData: 'allow', generations: 'any' } as const;
const AXON = axonOf({ name: 'call', triggers: called('go'), runs: [['prepare']] }, { name: 'guarded', triggers: called('retrain'), runs: [['train']], guard: GUARD });
const GRACE = 60_000;

function dueAt(ledger: LedgerDocument, seconds: number, axon: AxonDocument = AXON): string[][] {
  return due(ledger, axon, START + seconds * 1000, GRACE).map(({ events }) => [...events]);
}

/** The ledger with sets of a sensor that are deferred until so many seconds after the start. */
function deferring(sensor: string, sets: readonly [SeenEvent, number][]): LedgerDocument {
  const ledger = record(ledgerWith(AXON), AXON, sets.map(([one]) => one));
  const entries = sets.map(([{ id }, until]) => ({
    decision: 'deferred' as const,
    run: `run-${id}`,
    uid: 'u',
    events: [id],
    until: at(until),
    at: at(0),
    numbers: [],
    reasons: [{ code: 'cooldown' as const, message: 'too soon' }],
  }));
  return { ...ledger, sensors: { [sensor]: { sets: entries } } };
}

test('a complete set is due when nothing was decided about it for a minute', () => {
  const call = event('rest', 'go', 'a', 100);
  const ledger = record(ledgerWith(AXON), AXON, [call]);
  expect([dueAt(ledger, 159), dueAt(ledger, 160)]).toEqual([[], [[call.id]]]);
});

test('a set whose arguments a call gives is due a minute after the call, however often its other events come', () => {
  const axon = axonOf({ name: 'both', triggers: called('data', 'approve'), runs: [['prepare']], parameters: ['country'] });
  const approve = event('rest', 'approve', 'a', 100, { parameters: { country: 'BE' } });
  const data = [110, 130, 150].map((seconds) => event('rest', 'data', `d${seconds}`, seconds));
  const ledger = record(ledgerWith(axon), axon, [approve, ...data]);
  expect([dueAt(ledger, 159, axon), dueAt(ledger, 160, axon)]).toEqual([[], [[approve.id, data[2]!.id].sort()]]);
});

test('a deferred set is due when its time has come', () => {
  const call = event('rest', 'go', 'a', 0);
  const ledger = deferring('call', [[call, 200]]);
  expect([dueAt(ledger, 199), dueAt(ledger, 200)]).toEqual([[], [[call.id]]]);
});

test('of a guard only the newest deferred set is due, since the others would have to wait for it', () => {
  const calls = [1, 3, 2].map((seconds) => event('rest', 'retrain', `r${seconds}`, seconds));
  expect(dueAt(deferring('guarded', calls.map((call) => [call, 10])), 20)).toEqual([[calls[1]!.id]]);
});

test('of a guard no deferred set is due while a retrain runs', () => {
  const ledger = { ...deferring('guarded', [[event('rest', 'retrain', 'r', 1), 10]]), models: { guarded: { retrains: [], exhausted: 0, trained: [], running: 'x' } } };
  expect(dueAt(ledger, 20)).toEqual([]);
});

describe('the run of a due set', () => {
  const set: Due = { sensor: sensorOf(AXON, 'call'), events: ['0123456789abcdef'], occasion: '' };
  const next = (states: Readonly<Record<string, RunState>>, now = START, of: Due = set) => nextRun('digits', of, (name) => states[name], now, sha256);
  const first = next({})!;

  test('has a name that follows from the set', () => {
    expect(first).toMatch(/^digits-call-[0-9a-f]{10}$/);
    expect(next({}, START + 1e6)).toBe(first);
  });

  test('is another for another set, and for the next time that it is due', () => {
    expect(new Set([first, next({}, START, { ...set, events: ['fedcba9876543210'] }), next({}, START, { ...set, occasion: at(5) })]).size).toBe(3);
  });

  test('is not started twice', () => {
    expect(next({ [first]: {} })).toBeUndefined();
  });

  test('is followed by another attempt when it ended without an answer, after a pause that grows', () => {
    const ended = { [first]: { ended: START } };
    expect(next(ended, START + 59_999)).toBeUndefined();
    const second = next(ended, START + 60_000)!;
    expect(second).not.toBe(first);
    expect(next({ ...ended, [second]: { ended: START } }, START + 119_999)).toBeUndefined();
    expect(next({ ...ended, [second]: { ended: START } }, START + 120_000)).toMatch(/^digits-call-/);
  });

  test('is tried again at least every six hours', () => {
    const states: Record<string, RunState> = {};
    for (let attempt = 0; attempt < 40; attempt++) states[next(states, START + 6 * 3600_000)!] = { ended: START };
    expect(Object.keys(states)).toHaveLength(40);
  });
});
