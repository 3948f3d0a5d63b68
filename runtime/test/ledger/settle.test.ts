import fc from 'fast-check';
import type { LedgerDocument } from '../../src/contract/documents.js';
import { endRetrains, settle, type TaskEnd } from '../../src/ledger/settle.js';
import { at, axonOf, called, ledgerWith } from './loop.js';

const GUARD = { cooldownSeconds: 0, budget: { runs: 1, windowSeconds: 60, backoff: 1 }, sameData: 'refuse', generations: 'any' } as const;
const AXON = axonOf(
  { name: 'retrain', triggers: called('go'), runs: [['prepare'], ['train']], guard: GUARD },
  { name: 'many', triggers: called('go'), runs: [['prepare'], ['train', 'train-more']] },
);
const RUNS = { a: 'retrain', b: 'retrain', m: 'many' };
const end = (task: string, runId: string, seconds: number, more: Partial<TaskEnd> = {}): TaskEnd => ({ task, runId, phase: 'succeeded', at: at(seconds), ...more });

function retraining(run: string): LedgerDocument {
  return { ...ledgerWith(AXON, RUNS), models: { retrain: { retrains: [], exhausted: 0, trained: [], running: run } } };
}

test('a success is the last of its task and of the stages before it', () => {
  const { tasks } = settle(ledgerWith(AXON, RUNS), AXON, end('train', 'a', 5, { dataHash: '0123abcd' }));
  expect(tasks).toEqual({ prepare: { runId: 'a', at: at(5) }, train: { runId: 'a', at: at(5), dataHash: '0123abcd' } });
});

test('a success of a run that nobody knows says nothing of stages', () => {
  expect(Object.keys(settle(ledgerWith(AXON), AXON, end('train', 'a', 5)).tasks)).toEqual(['train']);
});

test('a failure is no success, and ends the retrain', () => {
  const settled = settle(retraining('a'), AXON, end('train', 'a', 5, { phase: 'failed' }));
  expect([settled.tasks, settled.models.retrain]).toEqual([{}, { retrains: [], exhausted: 0, trained: [] }]);
});

test('data of a training is remembered for its models and for guards that count for themselves', () => {
  const { models } = settle(ledgerWith(AXON, RUNS), AXON, end('train', 'a', 5, { dataHash: '0123abcd' }));
  const trained = [{ dataHash: '0123abcd', run: 'a', at: at(5) }];
  expect(models).toEqual({ model: { retrains: [], exhausted: 0, trained }, retrain: { retrains: [], exhausted: 0, trained } });
});

test('data that was trained on again counts as the last', () => {
  const ledger = ([['a', '0123abcd', 1], ['b', 'ffffffff', 2], ['b', '0123abcd', 3]] as const)
    .reduce((before, [run, dataHash, seconds]) => settle(before, AXON, end('train', run, seconds, { dataHash })), ledgerWith(AXON, RUNS));
  expect(ledger.models.model!.trained.map(({ dataHash, run }) => [dataHash, run])).toEqual([['ffffffff', 'b'], ['0123abcd', 'b']]);
});

test('a retrain is over with its last task, and goes on after one before', () => {
  expect(settle(retraining('a'), AXON, end('prepare', 'a', 1)).models.retrain).toHaveProperty('running');
  expect(settle(retraining('a'), AXON, end('train', 'a', 2)).models.retrain).not.toHaveProperty('running');
});

test('of tasks side by side the last one ends the retrain', () => {
  const first = settle(retraining('m'), AXON, end('train', 'm', 1));
  expect(first.models.retrain).toHaveProperty('running');
  expect(settle(first, AXON, end('train-more', 'm', 2)).models.retrain).not.toHaveProperty('running');
});

test('the time at which a retrain was over is kept, the first that was told', () => {
  const marked = retraining('a');
  const begun = { ...marked, models: { retrain: { ...marked.models.retrain!, retrains: [{ run: 'a', sensor: 'retrain', at: at(0) }] } } };
  const over = settle(begun, AXON, end('train', 'a', 7, { phase: 'failed' }));
  expect(over.models.retrain!.retrains).toEqual([{ run: 'a', sensor: 'retrain', at: at(0), ended: at(7) }]);
  expect(endRetrains(over, new Map([['a', at(9)]]))).toBe(over);
});

test('the retrain of another run goes on', () => {
  expect(settle(retraining('b'), AXON, end('train', 'a', 2)).models.retrain!.running).toBe('b');
  const ledger = retraining('b');
  expect(endRetrains(ledger, new Map([['a', at(3)]]))).toBe(ledger);
});

test('in whatever order and however often ends are booked, the newest is the last success', () => {
  const ends = [end('train', 'a', 1, { dataHash: '0123abcd' }), end('train', 'b', 2, { dataHash: 'ffffffff' }), end('prepare', 'b', 3), end('prepare', 'a', 4)];
  fc.assert(fc.property(fc.shuffledSubarray([...ends, ...ends], { minLength: 8 }), (order) => {
    const { tasks, models } = order.reduce((before, one) => settle(before, AXON, one), ledgerWith(AXON, RUNS));
    expect(tasks).toEqual({ train: { runId: 'b', at: at(2), dataHash: 'ffffffff' }, prepare: { runId: 'a', at: at(4) } });
    expect(models.model!.trained.map(({ run }) => run)).toEqual(['a', 'b']);
  }), { numRuns: 300 });
});

test('booking an end again changes nothing', () => {
  const once = settle(ledgerWith(AXON, RUNS), AXON, end('train', 'a', 5, { dataHash: '0123abcd' }));
  expect(settle(once, AXON, end('train', 'a', 5, { dataHash: '0123abcd' }))).toBe(once);
});
