import { setTimeout as delay } from 'node:timers/promises';
import { WorkQueue, type Reconciled } from '../../src/pocket/workqueue.js';
import { Notes, until } from './pods/fixture.js';

const notes = new Notes();
let queue: WorkQueue;
afterEach(async () => queue.stop());

function open(reconcile: (key: string) => Promise<Reconciled>): void {
  queue = new WorkQueue(reconcile, notes);
}

test('a key never runs twice at once, and once more after it was added while it ran', async () => {
  let running = 0;
  let most = 0;
  let runs = 0;
  open(async () => {
    most = Math.max(most, ++running);
    runs++;
    await delay(20);
    running--;
  });

  queue.add('a');
  await until('the first run', () => runs === 1);
  for (let i = 0; i < 5; i++) queue.add('a');
  await until('the second run', () => runs === 2 && running === 0);

  expect([most, runs]).toEqual([1, 2]);
});

test('different keys run side by side', async () => {
  let running = 0;
  open(async () => {
    running++;
    await until('the other', () => running === 2);
  });

  queue.add('a');
  queue.add('b');

  await until('both', () => running === 2);
});

test('a key that fails is tried again until it succeeds', async () => {
  let runs = 0;
  open(async () => {
    if (++runs < 3) throw new Error('not yet');
  });

  queue.add('a');

  await until('the third run', () => runs === 3);
  expect(notes.lines.at(-1)).toContain('not yet');
});

test('a key comes back when it says so, and never during the call that adds it', async () => {
  let runs = 0;
  open(async () => (++runs < 3 ? { again: 1 } : undefined));

  queue.add('a');
  expect(runs).toBe(0);

  await until('the third run', () => runs === 3);
});

test('the earlier of two times counts', async () => {
  let runs = 0;
  open(async () => void runs++);

  queue.addAfter('a', 1);
  queue.addAfter('a', 1_000_000);

  await until('the run', () => runs === 1);
});

test('a stopped queue has ended what ran, and starts nothing more', async () => {
  let ended = 0;
  let began = 0;
  open(async () => {
    began++;
    await delay(30);
    ended++;
    return { again: 0 };
  });
  queue.add('a');
  await until('the run', () => began === 1);

  await queue.stop();
  queue.add('a');
  await delay(10);

  expect([began, ended]).toEqual([1, 1]);
});
