import fc from 'fast-check';
import { decide, preview } from '../../src/ledger/decide.js';
import { record } from '../../src/ledger/record.js';
import { versionOf } from '../../src/ledger/version.js';
import { sha256 } from '../../src/shared/sha256.js';
import { ask, at, axonOf, called, event, ledgerWith, NO_FACTS, runOf, sensorOf, START, succeeded } from './loop.js';

const AXON = axonOf({ name: 'all', triggers: called('go'), runs: [['left', 'right']] }, { name: 'join', triggers: succeeded('left', 'right') });
const [LEFT, RIGHT] = [event('task', 'left', 'run', 1), event('task', 'right', 'run', 2)] as const;
const HALF = record(ledgerWith(AXON, { run: 'all' }), AXON, [LEFT]);
const WHOLE = record(HALF, AXON, [RIGHT]);

test('a run whose set is not complete waits, and leaves no trace', () => {
  const { next, answer } = ask(HALF, AXON, 'join', runOf('digits-join-l'), [LEFT]);
  expect([answer.decision, next]).toEqual(['waiting', HALF]);
});

test('a run whose set is complete passes with the version of its events', () => {
  const { answer } = ask(WHOLE, AXON, 'join', runOf('digits-join-r'), [RIGHT]);
  const events = [LEFT.id, RIGHT.id].sort();
  expect(answer).toEqual({ decision: 'pass', events, version: versionOf(events, sha256), reasons: [] });
});

test('the run of the other event of the set comes too late', () => {
  const { next } = ask(WHOLE, AXON, 'join', runOf('digits-join-r'), [RIGHT]);
  const late = ask(next, AXON, 'join', runOf('digits-join-l'), [LEFT]);
  expect([late.answer.decision, late.next]).toEqual(['taken', next]);
});

test('a killed gate that asks again is told the same, whatever has happened since', () => {
  const { next, answer } = ask(WHOLE, AXON, 'join', runOf('digits-join-r'), [RIGHT]);
  const later = record(next, AXON, [event('task', 'left', 'other', 5), event('task', 'right', 'other', 6)]);
  expect(ask(later, AXON, 'join', runOf('digits-join-r'), [RIGHT], undefined, 5000)).toEqual({ next: later, answer });
});

test('a Workflow that is made again under the same name has run already', () => {
  const { next } = ask(WHOLE, AXON, 'join', runOf('digits-join-r'), [RIGHT]);
  const again = ask(next, AXON, 'join', runOf('digits-join-r', 'made-again'), [RIGHT]);
  expect([again.answer.decision, again.next]).toEqual(['already-ran', next]);
});

test('an event that the ledger has forgotten starts nothing', () => {
  expect(ask(HALF, AXON, 'join', runOf('digits-join-x'), [event('task', 'right', 'long-ago', 0)]).answer.decision).toBe('taken');
});

test('of several events that wake a run it decides the first whose set is complete', () => {
  expect(ask(WHOLE, AXON, 'join', runOf('digits-join-x'), [event('task', 'left', 'other', 3), RIGHT]).answer.decision).toBe('pass');
});

describe('a sensor that asks Prometheus', () => {
  const axon = axonOf({
    name: 'watch',
    triggers: [{ kind: 'alert', name: 'slow', alert: 'digits-watch-slow', expression: 'up < 1' }],
    conditions: [{ kind: 'promql', expression: 'up > 0' }],
    guard: { cooldownSeconds: 60, budget: { runs: 1, windowSeconds: 60, backoff: 1 }, sameData: 'allow', generations: 'any' },
    runs: [['prepare']],
  });
  const alerts = [event('alert', 'watch-slow', 'f@1', 1), event('alert', 'watch-slow', 'f@2', 2)];
  const ledger = record(ledgerWith(axon), axon, alerts);
  const question = { sensor: sensorOf(axon, 'watch'), run: runOf('digits-watch-1'), woke: [alerts[0]!.id] };

  test('says what must be asked, and decides nothing before', () => {
    const { next, result } = decide(ledger, axon, question, NO_FACTS, START, sha256);
    expect([next, result]).toEqual([ledger, { needs: { events: [alerts[0]!.id], alerts: [alerts[0]!.id], queries: ['up > 0'] } }]);
  });

  test('asks anew when what was asked is of another set', () => {
    const facts = { live: {}, firing: { [alerts[1]!.id]: true }, samples: { 'up > 0': [1] } };
    expect(decide(ledger, axon, question, facts, START, sha256).result).toHaveProperty('needs');
  });

  test('a set that was deferred is decided again by the run of the next attempt, and only once', () => {
    const facts = { live: {}, firing: Object.fromEntries(alerts.map(({ id }) => [id, true])), samples: { 'up > 0': [1] } };
    const first = ask(ledger, axon, 'watch', runOf('digits-watch-1'), [alerts[0]!], facts, 10).next;
    const second = ask(first, axon, 'watch', runOf('digits-watch-2'), [alerts[1]!], facts, 20);
    expect([second.answer.decision, second.answer.until]).toEqual(['deferred', at(80)]);
    expect(preview(second.next, axon, { ...question, run: runOf('digits-watch-3'), woke: [alerts[1]!.id] })).toHaveProperty('needs');
    const over = { ...second.next, models: { watch: { ...second.next.models.watch!, running: undefined } } };
    delete over.models.watch.running;
    const third = ask(over, axon, 'watch', runOf('digits-watch-3'), [alerts[1]!], facts, 80);
    expect(third.answer.decision).toBe('pass');
    expect(third.next.sensors.watch!.sets.map(({ run, decision }) => [run, decision])).toEqual([['digits-watch-1', 'consumed'], ['digits-watch-3', 'consumed']]);
    expect(ask(third.next, axon, 'watch', runOf('digits-watch-2'), [alerts[1]!], facts, 90).answer.decision).toBe('taken');
  });
});

test('whatever the order in which the gates of many single events ask, each event passes once', () => {
  const axon = axonOf({ name: 'call', triggers: called('go'), runs: [['prepare']] });
  const calls = ['a', 'b', 'c'].map((id, index) => event('rest', 'go', id, index));
  const ledger = record(ledgerWith(axon), axon, calls);
  const asking = fc.record({ call: fc.constantFrom(...calls), run: fc.constantFrom('1', '2'), uid: fc.constantFrom('x', 'y') });
  fc.assert(fc.property(fc.array(asking, { maxLength: 20 }), (asked) => {
    let current = ledger;
    const passed = new Map<string, string>();
    for (const { call, run, uid } of asked) {
      const { next, answer } = ask(current, axon, 'call', runOf(`digits-call-${call.id}-${run}`, uid), [call]);
      if (answer.decision === 'pass') expect(passed.get(call.id) ?? `${run} ${uid}`).toBe(`${run} ${uid}`);
      if (answer.decision === 'pass') passed.set(call.id, `${run} ${uid}`);
      current = next;
    }
    expect(passed.size).toBe(new Set(asked.map(({ call }) => call.id)).size);
  }));
});
