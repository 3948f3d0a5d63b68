import type { AxonDocument } from '../../src/contract/documents.js';
import { checkDocument } from '../../src/contract/read.js';
import { emit } from '../../src/sensing/emit.js';
import { eventMetrics } from '../../src/sensing/event-metrics.js';
import { post } from '../../src/sensing/webhook.js';
import { at, axonOf, called, event, ledgerWith, START, succeeded } from '../ledger/loop.js';
import { World } from './world.js';

const AXON: AxonDocument = {
  ...axonOf({ name: 'retrain', triggers: called('go'), runs: [['prepare'], ['train']] }, { name: 'trained', triggers: succeeded('train') }),
  webhook: { url: 'http://webhook' },
};

let world: World;
beforeEach(async () => {
  world = await World.of(AXON);
  world.ledger = ledgerWith(AXON, { run: 'retrain' });
});
afterEach(() => world.close());

function end(more: Record<string, string> = {}): Promise<void> {
  return world.run(emit, {
    args: { 'task': 'train', 'phase': 'succeeded', 'metrics': '{"test_accuracy":0.97}', 'data-hash': '0123abcd', ...more }, env: { MYELIN_WEBHOOK_TOKEN: 'secret' },
  });
}

const TRAINED = event('task', 'train', 'run', 0).id;
const posted = () => world.requests.map(({ body }) => checkDocument('event', JSON.parse(body), 'posted'));

test('a success is in the ledger, in the books, and posted with the token to the webhook of its task', async () => {
  await end();
  expect(world.ledger.events[TRAINED]).toMatchObject({ runId: 'run', at: at(0), metrics: { test_accuracy: 0.97 }, dataHash: '0123abcd' });
  expect(world.ledger.tasks).toEqual({ prepare: { runId: 'run', at: at(0) }, train: { runId: 'run', at: at(0), dataHash: '0123abcd' } });
  expect(world.requests).toEqual([{ method: 'POST', path: '/task-train-succeeded', authorization: 'Bearer secret', body: expect.any(String) }]);
  expect(posted()[0]).toMatchObject({ id: TRAINED, time: at(0), data: { metrics: { test_accuracy: 0.97 } } });
});

test('the ledger knows before anybody is told', async () => {
  let known = false;
  world.answer = () => {
    known = Object.hasOwn(world.ledger.events, TRAINED);
    return { status: 200 };
  };
  await end();
  expect(known).toBe(true);
});

test('an emit that is made again posts the very same event', async () => {
  await end();
  world.now += 60_000;
  await end({ metrics: '{"test_accuracy":0}' });
  expect(posted()[1]).toEqual(posted()[0]);
});

test('an end that nobody waits for is booked and not posted', async () => {
  await end({ task: 'prepare' });
  expect([world.requests, Object.keys(world.ledger.tasks)]).toEqual([[], ['prepare']]);
});

test('a failure is no success of the task', async () => {
  await end({ 'phase': 'failed', 'metrics': '{}', 'data-hash': '' });
  expect([world.ledger.tasks, Object.values(world.ledger.events).map(({ phase }) => phase)]).toEqual([{}, ['started', 'failed']]);
});

test('a webhook that is not there yet is tried until it is', async () => {
  const statuses = [404, 503, 500];
  world.answer = () => ({ status: statuses.shift() ?? 200 });
  await end();
  expect([world.requests.length, world.now - START]).toEqual([4, 500 + 1000 + 2000]);
});

test('fails if the webhook takes nothing for ten minutes; the event is in the ledger', async () => {
  world.answer = () => ({ status: 503 });
  await expect(end()).rejects.toMatchObject({ code: 'MYELIN_WEBHOOK_UNREACHABLE', permanent: false });
  expect(world.now - START).toBeGreaterThan(500_000);
  expect(world.now - START).toBeLessThanOrEqual(600_000);
  expect(world.ledger.events).toHaveProperty(TRAINED);
});

test('fails if nobody answers, with the reason', async () => {
  const dead = await World.of(AXON);
  await dead.close();
  await expect(world.run((context) => post(context, dead.axon.webhook!.url, {} as never, 60_000))).rejects.toThrow(/took no event for \d+ s \(fetch failed: .*ECONNREFUSED/);
});

test.each([401, 403])('fails at once if the token is denied with %d, for a new container that sees a new one', async (status) => {
  world.answer = () => ({ status });
  await expect(end()).rejects.toMatchObject({ code: 'MYELIN_WEBHOOK_DENIED', permanent: false });
  expect(world.requests).toHaveLength(1);
});

test.each([400, 413])('fails for good if the event is refused with %d', async (status) => {
  world.answer = () => ({ status });
  await expect(end()).rejects.toMatchObject({ code: 'MYELIN_WEBHOOK_REFUSED', permanent: true });
});

test('a stop ends the wait for the webhook', async () => {
  const stop = new AbortController();
  world.answer = () => {
    stop.abort();
    return { status: 503 };
  };
  await expect(world.run(emit, { args: { task: 'train', phase: 'succeeded' }, signal: stop.signal })).rejects.toMatchObject({ code: 'MYELIN_WEBHOOK_UNREACHABLE' });
  expect(world.requests).toHaveLength(1);
});

test('metrics and a data hash that cannot be read are left out, with a warning', async () => {
  await end({ 'metrics': '{"test_accuracy": NaN, "f1": 0.5}', 'data-hash': 'not hex' });
  expect(world.ledger.events[TRAINED]).toEqual({ kind: 'task', subject: 'train', phase: 'succeeded', runId: 'run', at: at(0), metrics: { f1: 0.5 } });
  expect(world.logged.map(({ msg }) => msg)).toEqual(['metrics are left out', 'data hash is left out, it must be 8 to 128 hex digits', 'task end recorded']);
});

test.each([
  ['', {}, false], ['{}', {}, false], ['{"a":1,"b":-0.5e3}', { a: 1, b: -500 }, false], ['{"a":1,"b":Infinity,"c":-Infinity}', { a: 1 }, true],
  ['{"NaN": 1, "a\\"NaN": 2}', { NaN: 1 }, true], ['{"a":"1","b":true,"c":null,"d":[1]}', {}, true], ['[1]', {}, true], ['7', {}, true], ['{{tasks.train.outputs}}', {}, true],
  ['{"__proto__": 5, "constructor": 6}', JSON.parse('{"__proto__": 5, "constructor": 6}'), false], ['{"a b": 1}', {}, true], ['{"a":1e999}', {}, true],
])('the metrics %s are read as %p', (text, expected, isIncomplete) => {
  const { metrics, problem } = eventMetrics(text);
  expect([JSON.stringify(metrics), problem !== undefined]).toEqual([JSON.stringify(expected), isIncomplete]);
});

test('at most a hundred metrics are kept', () => {
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`m${index}`, index]));
  expect([Object.keys(eventMetrics(JSON.stringify(many)).metrics).length, eventMetrics(JSON.stringify(many)).problem]).toEqual([100, expect.stringContaining('m100')]);
});

test('fails if the task is none of the axon', async () => {
  await expect(end({ task: 'trian' })).rejects.toThrow("'--task' (\"trian\") must be a task of the axon, one of prepare, train");
});

test('fails if the phase is none', async () => {
  await expect(end({ phase: 'done' })).rejects.toThrow("'--phase' (\"done\") must be 'succeeded' or 'failed'");
});
