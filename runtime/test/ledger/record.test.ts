import fc from 'fast-check';
import type { AxonDocument, LedgerDocument } from '../../src/contract/documents.js';
import { checkDocument } from '../../src/contract/read.js';
import { due } from '../../src/ledger/due.js';
import { MAX_BYTES, MAX_EVENTS, MAX_SETS } from '../../src/ledger/prune.js';
import { record, type SeenEvent } from '../../src/ledger/record.js';
import { setsOf } from '../../src/ledger/sets.js';
import { timeOf } from '../../src/shared/time.js';
import { ask, axonOf, called, event, ledgerWith, runOf, START, succeeded } from './loop.js';

const AXON = axonOf(
  { name: 'both', triggers: called('go'), runs: [['left', 'right']] },
  { name: 'join', triggers: succeeded('left', 'right') },
  { name: 'start', once: { fingerprint: '0123456789' }, runs: [['prepare']] },
);

/** The ledger after so many calls, each of which a run of its own consumed. */
function busy(axon: AxonDocument, ledger: LedgerDocument, calls: number, from = 0, more: Partial<SeenEvent['event']> = {}): LedgerDocument {
  let busier = ledger;
  for (let number = from; number < from + calls; number++) {
    const call = event('rest', 'go', `call-${number}`, number, more);
    busier = ask(record(busier, axon, [call]), axon, 'both', runOf(`digits-both-${number}`), [call], undefined, number).next;
  }
  return busier;
}

const bytes = (ledger: LedgerDocument) => Buffer.byteLength(JSON.stringify(ledger));

test('an event is written down once, as it was seen first', () => {
  const first = record(ledgerWith(AXON), AXON, [event('rest', 'go', 'a', 1)]);
  const { id, event: later } = event('rest', 'go', 'a', 9);
  expect(record(first, AXON, [{ id, event: later }])).toBe(first);
});

test('however events are repeated and ordered, the ledger holds the same', () => {
  const events = ['a', 'b', 'c', 'd'].map((run, index) => event('task', 'left', run, index));
  const whole = record(ledgerWith(AXON), AXON, events);
  fc.assert(fc.property(fc.array(fc.constantFrom(...events), { maxLength: 12 }), (some) => {
    const ledger = [...some, ...events].reduce((before, one) => record(before, AXON, [one]), ledgerWith(AXON));
    expect(ledger.events).toEqual(whole.events);
  }));
});

describe('a ledger that is full', () => {
  const full = busy(AXON, ledgerWith(AXON), MAX_SETS + 50);

  test('stays within its bounds and valid, and says what it forgot', () => {
    checkDocument('ledger', full, 'ledger');
    expect(setsOf(full, 'both').length).toBeLessThanOrEqual(MAX_SETS);
    expect(full.pruned!.events).toBeGreaterThanOrEqual(50);
    const oldest = Math.min(...Object.values(full.events).map(({ at }) => timeOf(at)));
    expect(timeOf(full.pruned!.before)).toBeLessThanOrEqual(oldest);
  });

  test('forgets a set and its events together: none of them starts anything again', () => {
    expect(due(full, AXON, START + 1e9, 0)).toEqual([]);
    const held = new Set(setsOf(full, 'both').flatMap(({ events }) => events));
    expect(Object.keys(full.events).every((id) => held.has(id))).toBe(true);
  });

  test('takes no event up again that it may have forgotten, and new ones as ever', () => {
    const old = event('rest', 'go', 'call-0', 0);
    expect(record(full, AXON, [{ ...old, told: old.event.at }])).toBe(full);
    const young = event('rest', 'go', 'young', MAX_SETS + 60);
    expect(record(full, AXON, [{ ...young, told: young.event.at }]).events).toHaveProperty(young.id);
  });

  test('takes an event that is seen where it happens, whatever its clock says', () => {
    const { id, event: one } = event('task', 'left', 'fresh', 0);
    expect(record(full, AXON, [{ id, event: one }]).events).toHaveProperty(id);
  });

  test('keeps what a set may still need: half of a round survives hundreds of calls', () => {
    const half = event('task', 'left', 'digits-both-0', 1);
    const ledger = busy(AXON, record(busy(AXON, ledgerWith(AXON), 1), AXON, [half]), MAX_SETS * 1.5, 1);
    const other = event('task', 'right', 'digits-both-0', 2000);
    expect(ask(record(ledger, AXON, [other]), AXON, 'join', runOf('digits-join-1'), [other]).answer.decision).toBe('pass');
  });

  test('keeps that a run-once sensor has run', () => {
    const started = event('once', 'start', '0123456789', 0);
    const once = ask(record(ledgerWith(AXON), AXON, [started]), AXON, 'start', runOf('digits-start-0123456789'), [started]).next;
    const ledger = busy(AXON, once, MAX_SETS * 1.5);
    expect(ask(ledger, AXON, 'start', runOf('digits-start-0123456789', 'made-again'), [started]).answer.decision).toBe('already-ran');
  });

  test('forgets what waits only when it cannot be kept, the oldest first', () => {
    const lonely = Array.from({ length: MAX_EVENTS + 1 }, (_, number) => event('task', 'left', `run-${number}`, number));
    const ledger = record(record(ledgerWith(AXON), AXON, lonely.slice(0, -1)), AXON, lonely.slice(-1));
    expect(Object.keys(ledger.events).length).toBeLessThanOrEqual(MAX_EVENTS);
    expect(ledger.events).not.toHaveProperty(lonely[0]!.id);
    expect(ledger.events).toHaveProperty(lonely.at(-1)!.id);
  });

  test('is bounded in bytes, too', () => {
    const parameters = Object.fromEntries(Array.from({ length: 20 }, (_, key) => [`p${key}`, 'ä'.repeat(2048)]));
    const ledger = busy(AXON, ledgerWith(AXON), 40, 0, { parameters });
    expect(bytes(ledger)).toBeLessThanOrEqual(MAX_BYTES);
    expect(due(ledger, AXON, START + 1e9, 0)).toEqual([]);
  });
});
