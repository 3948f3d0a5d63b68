import type { AxonDocument } from '../../src/contract/documents.js';
import { checkDocument } from '../../src/contract/read.js';
import { eventId } from '../../src/ledger/event-id.js';
import { sweep } from '../../src/sensing/sweep.js';
import type { WorkflowObject } from '../../src/sensing/workflows.js';
import { sha256 } from '../../src/shared/sha256.js';
import { START } from '../ledger/loop.js';
import { type Answer, type Request, World } from '../sensing/world.js';
import { AXON, Laboratory, RUN } from './laboratory.js';

// A search that somebody waits for tells its end itself.

const HEARD: AxonDocument = { ...AXON, tasks: AXON.tasks.map((task) => (task.name === 'train' ? { ...task, emits: ['failed', 'succeeded'] } : task)) };
const TRAINED = eventId({ axon: 'digits', kind: 'task', subject: 'train', runId: RUN, phase: 'succeeded' }, sha256);

let laboratory: Laboratory;
/** Its server is the webhook. */
let world: World;
let answers: (request: Request) => Answer | undefined;
beforeEach(async () => {
  laboratory = await Laboratory.open();
  world = await World.of(HEARD);
  answers = () => undefined;
  world.answer = (request) => answers(request);
  await laboratory.declare(world.axon);
});
afterEach(() => Promise.all([laboratory.close(), world.close()]));

function tune(more: Record<string, string> = {}): Promise<void> {
  return laboratory.tune({ args: { 'data-hash': '0123abcd', ...more }, env: { MYELIN_WEBHOOK_TOKEN: 'secret' } });
}

const posted = () => world.requests.map(({ body }) => checkDocument('event', JSON.parse(body), 'posted'));

test('the success is in the ledger, in the books, and posted with the token to the webhook of the task', async () => {
  await tune();
  const { metrics } = (await laboratory.json(laboratory.at('study/summary.json'))).winner;
  expect(laboratory.ledger()).toMatchObject({ events: { [TRAINED]: { runId: RUN, metrics, dataHash: '0123abcd' } }, tasks: { train: { runId: RUN, dataHash: '0123abcd' } } });
  expect(world.requests).toEqual([{ method: 'POST', path: '/task-train-succeeded', authorization: 'Bearer secret', body: expect.any(String) }]);
  expect(posted()[0]).toMatchObject({ id: TRAINED, data: { metrics, dataHash: '0123abcd' } });
});

test('it is told after everything that a run which it starts could look for is there', async () => {
  const seen: unknown[] = [];
  answers = () => {
    seen.push(laboratory.ledger()?.events[TRAINED]?.phase, laboratory.has(laboratory.at('model.txt')), laboratory.has('/myelin/out/metrics.json'));
    return undefined;
  };
  await tune();
  expect(seen).toEqual(['succeeded', true, true]);
});

test('without a hash of what was prepared that of the winner counts', async () => {
  laboratory.program = async ({ env, write }) => {
    await write(env.MYELIN_METRICS_PATH!, '{"validation_accuracy":0.9}');
    await write(env.MYELIN_DATA_HASH_PATH!, 'feedfeed');
  };
  await tune({ 'data-hash': '' });
  expect(laboratory.ledger()!.events[TRAINED]).toMatchObject({ dataHash: 'feedfeed' });
});

test('a search that nobody waits for tells nothing, and asks for no ledger', async () => {
  await laboratory.declare({ ...world.axon, tasks: AXON.tasks });
  await tune();
  expect([laboratory.ledger(), world.requests]).toEqual([undefined, []]);
});

test('a search without success tells nothing: the hook of its step does', async () => {
  laboratory.program = () => ({ reason: 'BackoffLimitExceeded' });
  await expect(tune()).rejects.toMatchObject({ code: 'MYELIN_TUNING_WITHOUT_SUCCESS' });
  expect([laboratory.ledger(), world.requests]).toEqual([undefined, []]);
});

test.each([503, 401, 400])('a webhook that answers %d only costs a warning within half a minute: the sweep starts who waits', async (status) => {
  answers = () => ({ status });
  laboratory.paused = false;
  let told = 0;
  laboratory.kube.onCall = ({ name, verb, when }) => {
    if (name === AXON.ledger && verb === 'create' && when === 'after') told = laboratory.time;
  };
  await tune();
  expect(laboratory.time - told).toBeLessThanOrEqual(30_000);
  expect(world.requests.length).toBeGreaterThanOrEqual(status === 503 ? 5 : 1);
  expect(laboratory.lines.filter(({ level }) => level === 'warn').at(-1)).toMatchObject({ message: 'nobody was woken, the sweep will do it', task: 'train', run: RUN, event: TRAINED });

  world.kube.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: AXON.ledger }, data: { 'ledger.json': JSON.stringify(laboratory.ledger()) } } as never);
  world.now = Math.max(START, laboratory.time) + 61_000;
  await world.run(sweep);
  const started = world.kube.all('Workflow') as unknown as WorkflowObject[];
  expect(started.map(({ spec }) => spec!.entrypoint)).toEqual(['sensor-trained']);
});

test('a ledger that is away for a while is waited for', async () => {
  let refusals = 5;
  laboratory.kube.onCall = ({ name }) => {
    if (name === AXON.ledger && refusals-- > 0) throw new Error('connection refused');
  };
  await tune();
  expect(posted()).toHaveLength(1);
});

test('a ledger that cannot be written fails the step, which trains nothing when it is made again', async () => {
  laboratory.kube.onCall = ({ name }) => {
    if (name === AXON.ledger) throw new Error('connection refused');
  };
  await expect(tune()).rejects.toThrow('connection refused');
  expect(world.requests).toEqual([]);
  const made = laboratory.kube.all('Job').map(({ metadata }) => metadata.uid);
  laboratory.kube.onCall = undefined;
  await tune();
  expect(laboratory.kube.all('Job').map(({ metadata }) => metadata.uid)).toEqual(made);
  expect(posted()).toHaveLength(1);
});

test('killed at any call once the search is over, and made again, it tells the same event once', async () => {
  const firstOfLedger = async (): Promise<[number, number]> => {
    let first = 0;
    laboratory.kube.onCall = ({ name, number }) => {
      if (name === AXON.ledger && first === 0) first = number;
    };
    await tune();
    return [first, laboratory.kube.callCount];
  };
  const [first, last] = await firstOfLedger();
  expect(last - first).toBeGreaterThan(0);
  const { events, tasks } = laboratory.ledger()!;
  for (let number = first; number <= last; number++) {
    for (const when of ['before', 'after'] as const) {
      await laboratory.close();
      laboratory = await Laboratory.open();
      await laboratory.declare(world.axon);
      const stopping = new AbortController();
      laboratory.kube.onCall = (call) => {
        if (call.number !== number || call.when !== when) return;
        // A killed process asks for nothing more.
        stopping.abort();
        throw new Error('killed');
      };
      const args = { 'data-hash': '0123abcd' };
      world.requests.length = 0;
      await expect(laboratory.tune({ args, env: { MYELIN_WEBHOOK_TOKEN: 'secret' }, signal: stopping.signal })).rejects.toThrow('killed');
      laboratory.kube.onCall = undefined;
      await tune();
      expect([number, when, new Set(posted().map(({ id }) => id)).size]).toEqual([number, when, 1]);
      expect(Object.keys(laboratory.ledger()!.events)).toEqual(Object.keys(events));
      expect(Object.keys(laboratory.ledger()!.tasks)).toEqual(Object.keys(tasks));
      expect(laboratory.kube.all('Job')).toHaveLength(13);
    }
  }
});
