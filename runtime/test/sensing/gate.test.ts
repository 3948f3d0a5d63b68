import { stat } from 'node:fs/promises';
import type { AxonDocument, EventDocument, LedgerDocument, ReleaseDocument } from '../../src/contract/documents.js';
import { eventDocument } from '../../src/ledger/event-document.js';
import { record, type SeenEvent } from '../../src/ledger/record.js';
import { encodedBody } from '../../src/sensing/body.js';
import { gate } from '../../src/sensing/gate.js';
import { at, DIGITS, event, ledgerWith, START } from '../ledger/loop.js';
import { World } from './world.js';

const AXON: AxonDocument = { ...DIGITS, prometheus: { url: 'http://prometheus' }, webhook: { url: 'http://webhook' } };
const LIVE: ReleaseDocument['releases'][0] = {
  model: 'model',
  version: 'dd757176a4',
  state: 'live',
  events: ['0df3b994a1152b0b'],
  runs: { train: 'digits-start-5d41402abc' },
  metrics: {},
  images: {},
  at: at(0),
  why: 'train succeeded',
};
const ALERT = {
  status: 'firing',
  alerts: [{
    status: 'firing',
    labels: { alertname: 'DigitsDecayed', axon: 'digits', namespace: 'default', model: 'model', version: 'dd757176a4' },
    annotations: {},
    startsAt: at(-10),
    fingerprint: '9c1d0b7e2f3a4c55',
  }],
};
const ONCE = JSON.stringify({ contract: 1, kind: 'once', sensor: 'start', fingerprint: DIGITS.sensors.find(({ name }) => name === 'start')!.once!.fingerprint });

let world: World;
beforeEach(async () => { world = await World.of(AXON); });
afterEach(() => world.close());

const trained = (run: string, metrics: Record<string, number>): SeenEvent => event('task', 'train', run, 0, { metrics });
const document = ({ id, event: one }: SeenEvent): EventDocument => eventDocument(AXON, id, one);

/** Runs the gate of a sensor's run, and returns its outputs. */
async function decide(sensor: string, body: unknown, run: readonly [string, string] = [`digits-${sensor}-1`, 'uid-1']): Promise<Record<string, string>> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  await world.run(gate, { args: { sensor }, run, env: { MYELIN_EVENT: text, MYELIN_DELIVERY: 'delivery-1' } });
  return world.outputs();
}

/** What Prometheus answers. */
function monitored({ alerts = [], samples = [] }: { alerts?: object[]; samples?: [number, string][] }): void {
  world.answer = ({ path }) => ({
    status: 200,
    body: { status: 'success', data: path === '/api/v1/alerts' ? { alerts } : { resultType: 'vector', result: samples.map((value) => ({ metric: {}, value })) } },
  });
}
const FIRING = { state: 'firing', labels: ALERT.alerts[0]!.labels };

describe('the first run of an axon', () => {
  test('passes, and finds nothing from before', async () => {
    const outputs = await decide('start', ONCE);
    expect(outputs).toMatchObject({ 'decision': 'pass', 'trained-data-hash': '', 'folder-prepare': '', 'folder-train': '', 'live-train': '' });
    expect(outputs.version).toMatch(/^[0-9a-f]{10}$/);
    expect(JSON.parse(outputs.events!)).toHaveLength(1);
    expect(Object.keys(outputs)).not.toContain('folder-serve');
  });

  test('has a folder for each of its tasks, which the group may write', async () => {
    await decide('start', ONCE);
    for (const task of ['prepare', 'train']) expect((await stat(world.stored(`digits/${task}/digits-start-1`))).mode % 0o10000).toBe(0o2775);
    await expect(stat(world.stored('digits/serve'))).rejects.toThrow('ENOENT');
  });

  test('that is killed and started again is the same run', async () => {
    const first = await decide('start', ONCE);
    world.now += 60_000;
    expect(await decide('start', ONCE)).toEqual(first);
  });

  test('does not happen again when its Workflow is applied again', async () => {
    await decide('start', ONCE);
    expect(await decide('start', ONCE, ['digits-start-1', 'uid-2'])).toEqual({ decision: 'already-ran' });
  });
});

describe('a training', () => {
  const wanted = { test_accuracy: 0.97, f1: 0.9, live_test_accuracy: 0.9 };

  test('that is good enough is deployed as the version of its event', async () => {
    const outputs = await decide('trained', document(trained('digits-start-1', { ...wanted, test_accuracy: 0.97 })));
    expect(outputs).toMatchObject({ decision: 'pass', events: JSON.stringify([trained('digits-start-1', {}).id]) });
  });

  test('that is not, is not, and the ledger knows why', async () => {
    world.releases = [LIVE];
    expect(await decide('trained', document(trained('digits-start-1', { ...wanted, test_accuracy: 0.1 })))).toEqual({ decision: 'refused' });
    expect(world.ledger.sensors.trained!.sets[0]).toMatchObject({ decision: 'refused', uid: 'uid-1', reasons: expect.arrayContaining([expect.objectContaining({ code: 'condition-not-met' })]) });
    expect(world.logged.at(-1)).toMatchObject({ msg: 'gate decided', decision: 'refused' });
  });
});

describe('an alert', () => {
  beforeEach(() => { world.releases = [LIVE]; });

  test('of the newest version that fires now retrains, and hands on the live model, the last folders and what was trained on', async () => {
    monitored({ alerts: [FIRING] });
    const dataHash = '0123abcd';
    world.ledger = {
      ...ledgerWith(AXON),
      tasks: { prepare: { runId: 'digits-start-5d41402abc', at: at(-100) } },
      models: { model: { retrains: [], exhausted: 0, trained: [{ dataHash, run: 'digits-start-5d41402abc', at: at(-100) }] } },
    };
    expect(await decide('decayed', ALERT)).toMatchObject({
      'decision': 'pass',
      'trained-data-hash': dataHash,
      'folder-prepare': '/var/lib/myelin/digits/prepare/digits-start-5d41402abc',
      'folder-train': '',
      'live-train': '/var/lib/myelin/digits/train/digits-start-5d41402abc',
    });
    expect(world.ledger.models.model!.running).toBe('digits-decayed-1');
  });

  test.each([
    ['does not fire any more', []], ['only pends', [{ ...FIRING, state: 'pending' }]], ['fires of another version', [{ ...FIRING, labels: { ...FIRING.labels, version: 'ffffffffff' } }]],
  ])('that %s is refused', async (_, alerts) => {
    monitored({ alerts });
    expect(await decide('decayed', ALERT)).toEqual({ decision: 'refused' });
    expect(world.ledger.sensors.decayed!.sets[0]).toMatchObject({ reasons: [{ code: 'no-longer-firing' }] });
  });

  test('fails if Prometheus gives no answer, and keeps the alert for the next try', async () => {
    world.answer = () => ({ status: 503, body: 'busy' });
    await expect(decide('decayed', ALERT)).rejects.toThrow(/^'http:\/\/127\.0\.0\.1:\d+' gave no usable answer, try again later: 503/);
    expect(await world.outputs()).toEqual({});
    monitored({ alerts: [FIRING] });
    expect(await decide('decayed', ALERT)).toMatchObject({ decision: 'pass' });
  });

  test('that a set is deferred for passes when sweep asks again in its time', async () => {
    monitored({ alerts: [FIRING] });
    world.ledger = { ...ledgerWith(AXON), models: { model: { retrains: [{ run: 'x', sensor: 'decayed', at: at(-1) }], exhausted: 0, trained: [] } } };
    expect(await decide('decayed', ALERT)).toEqual({ decision: 'deferred' });
    const [[id, one]] = Object.entries(world.ledger.events).filter(([, { kind }]) => kind === 'alert') as [[string, LedgerDocument['events'][string]]];
    world.now += 3600_000;
    expect(await decide('decayed', eventDocument(AXON, id, one), ['digits-decayed-2', 'uid-9'])).toMatchObject({ decision: 'pass' });
  });
});

test('fails for good if a call gives what no run can be given, and neither runs nor records anything', async () => {
  const [trigger, parameters] = [{ kind: 'rest', name: 'refresh' } as const, ['country']];
  const called = await World.of({ ...AXON, sensors: [...AXON.sensors, { ...AXON.sensors[0]!, name: 'call', triggers: [trigger], conditions: [], parameters }] });
  try {
    const run = called.run(gate, { args: { sensor: 'call' }, env: { MYELIN_EVENT: encodedBody('{"country":"{{workflow.name}}"}'), MYELIN_DELIVERY: 'rest-refresh/1' } });
    await expect(run).rejects.toMatchObject({ code: 'MYELIN_PARAMETER_UNFIT', permanent: true });
    expect(await called.outputs()).toEqual({});
    expect(called.ledger.events).toEqual({});
  } finally {
    await called.close();
  }
});

test('a late duplicate of what the ledger has forgotten starts nothing', async () => {
  world.ledger = { ...ledgerWith(AXON), pruned: { before: at(100), events: 7 } };
  expect(await decide('trained', document(trained('digits-start-1', {})))).toEqual({ decision: 'taken' });
  expect(world.logged.at(-1)).toMatchObject({ late: true });
});

test('events that come in between are seen: facts are gathered for the set that is decided', async () => {
  world.releases = [LIVE];
  monitored({ alerts: [FIRING] });
  let others = 0;
  world.kube.onCall = ({ verb, when }) => {
    if (verb === 'replace' && when === 'before' && others++ < 3) world.ledger = record(world.ledger, AXON, [event('rest', 'other', String(others), others)]);
  };
  expect(await decide('decayed', ALERT)).toMatchObject({ decision: 'pass' });
  expect(Object.keys(world.ledger.events).length).toBeGreaterThan(1);
});

test('fails if the sensor is none of the axon', async () => {
  await expect(decide('decoyed', ALERT)).rejects.toThrow("'--sensor' (\"decoyed\") must be a sensor of the axon, one of decayed, start, trained");
});

test('fails if the sensor needs Prometheus and the axon names none', async () => {
  const { prometheus: _, ...without } = AXON;
  const blind = await World.of(without);
  try {
    await expect(blind.run(gate, { args: { sensor: 'decayed' }, env: { MYELIN_EVENT: JSON.stringify(ALERT) } }))
      .rejects.toThrow("'prometheus' (absent) must be in the axon document for the sensor decayed, synthesise it with the address of a Prometheus");
  } finally {
    await blind.close();
  }
});

test('a gate writes nothing when it was told to stop before', async () => {
  world.releases = [LIVE];
  monitored({ alerts: [FIRING] });
  const stopped = AbortSignal.abort();
  await expect(world.run(gate, { args: { sensor: 'decayed' }, env: { MYELIN_EVENT: JSON.stringify(ALERT) }, signal: stopped })).rejects.toThrow();
  expect(world.ledger.sensors).toEqual({});
  expect(START).toBe(world.now);
});
