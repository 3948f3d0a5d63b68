import type { AxonDocument, LedgerDocument, Release } from '../../src/contract/documents.js';
import { eventDocument } from '../../src/ledger/event-document.js';
import { record } from '../../src/ledger/record.js';
import { bodyOf, encodedBody } from '../../src/sensing/body.js';
import { gate } from '../../src/sensing/gate.js';
import { sweep } from '../../src/sensing/sweep.js';
import type { WorkflowObject } from '../../src/sensing/workflows.js';
import { at, axonOf, called, event, ledgerWith, succeeded } from '../ledger/loop.js';
import { World } from './world.js';

const GUARD = { cooldownSeconds: 0, budget: { runs: 9, windowSeconds: 60, backoff: 1 }, sameData: 'allow', generations: 'any' } as const;
const LOOP = axonOf(
  { name: 'call', triggers: called('go'), runs: [['prepare'], ['train']], parameters: ['epochs', 'share'] },
  { name: 'guarded', triggers: called('retrain'), runs: [['prepare'], ['train']], guard: GUARD },
  { name: 'trained', triggers: succeeded('train') },
);
const AXON: AxonDocument = { ...LOOP, labels: { 'cost-centre': '4711' } };
const LABELS = {
  'cost-centre': '4711',
  'app.kubernetes.io/managed-by': 'cdk8s-myelin',
  'app.kubernetes.io/name': 'run',
  'app.kubernetes.io/part-of': 'digits',
  'myelin.io/axon': 'digits',
  'myelin.io/component': 'run',
};
const CALL = event('rest', 'go', 'call-1', 0, { parameters: { epochs: '9', other: 'x' } });

let world: World;
beforeEach(async () => {
  world = await World.of(AXON);
  world.now += 3600_000;
});
afterEach(() => world.close());

const workflows = () => world.kube.all('Workflow') as unknown as WorkflowObject[];

function workflow(name: string, sensor: string, phase: string, nodes: Record<string, [phase: string, outputs?: Record<string, string>]> = {}): void {
  const status = {
    phase,
    finishedAt: phase === 'Running' ? null : at(50),
    nodes: Object.fromEntries(Object.entries(nodes).map(([displayName, [ended, outputs = {}]]) => [
      `${name}-${displayName}`, { displayName, phase: ended, finishedAt: at(40), outputs: { parameters: Object.entries(outputs).map(([key, value]) => ({ name: key, value })) } },
    ])),
  };
  world.kube.put({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name, labels: { ...LABELS, 'myelin.io/sensor': sensor } }, status } as never);
}

describe('a set whose wake-up was lost', () => {
  beforeEach(() => { world.ledger = record(ledgerWith(AXON), AXON, [CALL]); });

  test('gets the run that the bus would have started', async () => {
    await world.run(sweep);
    const [started] = workflows();
    expect(started!.metadata).toMatchObject({ name: expect.stringMatching(/^digits-call-[0-9a-f]{10}$/), labels: { ...LABELS, 'myelin.io/sensor': 'call' } });
    expect(started!.spec).toEqual({
      entrypoint: 'sensor-call',
      workflowTemplateRef: { name: 'digits' },
      arguments: {
        parameters: [
          { name: 'event', value: encodedBody(JSON.stringify(eventDocument(AXON, CALL.id, CALL.event))) }, { name: 'delivery', value: `sweep/${CALL.id}` }, { name: 'epochs', value: '9' },
        ],
      },
      ttlStrategy: { secondsAfterFailure: 604800, secondsAfterSuccess: 86400 },
    });
  });

  test('passes the gate of that run', async () => {
    await world.run(sweep);
    const { metadata, spec } = workflows()[0]!;
    const [body, delivery] = spec!.arguments.parameters.map(({ value }) => value);
    await world.run(gate, { args: { sensor: 'call' }, run: [metadata.name, metadata.uid!], env: { MYELIN_EVENT: body!, MYELIN_DELIVERY: delivery! } });
    expect(await world.outputs()).toMatchObject({ decision: 'pass', events: JSON.stringify([CALL.id]) });
    workflow(metadata.name, 'call', 'Running');
    await world.run(sweep);
    expect(workflows()).toHaveLength(1);
  });

  test('gets one run of two sweeps at once', async () => {
    await Promise.all([world.run(sweep), world.run(sweep)]);
    expect(workflows()).toHaveLength(1);
  });

  test('gets another run when that one ended without an answer', async () => {
    await world.run(sweep);
    workflow(workflows()[0]!.metadata.name, 'call', 'Failed');
    await world.run(sweep);
    expect(workflows()).toHaveLength(2);
  });

  test('has a minute for its own run', async () => {
    world.now = Date.parse(at(59));
    await world.run(sweep);
    expect(workflows()).toEqual([]);
  });
});

describe('a set of a call that gives parameters and of another event', () => {
  const axon = axonOf(
    { name: 'call', triggers: called('other'), runs: [['train']] },
    { name: 'both', triggers: [...called('go'), ...succeeded('train')], runs: [['prepare']], parameters: ['epochs'] },
  );
  const call = event('rest', 'go', 'call-1', 0, { parameters: { epochs: '9' } });
  const end = event('task', 'train', 'digits-call-1', 1);
  let own: World;
  beforeEach(async () => {
    own = await World.of(axon);
    own.now += 3600_000;
    own.ledger = record(ledgerWith(axon, { 'digits-call-1': 'call' }), axon, [call, end]);
  });
  afterEach(() => own.close());
  const gateOf = (name: string, body: string, delivery: string) => (
    own.run(gate, { args: { sensor: 'both' }, run: [name, `uid of ${name}`], env: { MYELIN_EVENT: body, MYELIN_DELIVERY: delivery } }));

  test('is not for the run of the other event, which has not got them, but for one that sweep starts', async () => {
    await gateOf('digits-both-1', JSON.stringify(eventDocument(axon, end.id, end.event)), 'task-train-succeeded/1');
    expect(await own.outputs()).toEqual({ decision: 'waiting' });
    await own.run(sweep);
    const [run] = own.kube.all('Workflow') as unknown as WorkflowObject[];
    const { event: body, delivery, ...given } = Object.fromEntries(run!.spec!.arguments.parameters.map(({ name, value }) => [name, value]));
    expect([given, delivery]).toEqual([{ epochs: '9' }, `sweep/${end.id}+${call.id}`]);
    await gateOf(run!.metadata.name, body!, delivery!);
    expect(await own.outputs()).toMatchObject({ decision: 'pass', events: JSON.stringify([call.id, end.id].sort()) });
  });

  test('is not for the run that sweep has started when another call has come meanwhile', async () => {
    await own.run(sweep);
    const [run] = own.kube.all('Workflow') as unknown as WorkflowObject[];
    own.ledger = record(own.ledger, axon, [event('rest', 'go', 'call-2', 2, { parameters: { epochs: '10' } })]);
    const [body, delivery] = run!.spec!.arguments.parameters.map(({ value }) => value);
    await gateOf(run!.metadata.name, body!, delivery!);
    expect(await own.outputs()).toEqual({ decision: 'waiting' });
  });

  test('is for the run of the call', async () => {
    await gateOf('digits-both-1', '{"id":"call-1","epochs":9}', 'rest-go/1');
    expect(await own.outputs()).toMatchObject({ decision: 'pass' });
  });
});

test.each(['{"a":"{{workflow.uid}}"}', '"ä"', '7', '[]', ''])('the body %s survives the parameter, in which no template can stand', (body) => {
  expect(bodyOf(encodedBody(body))).toBe(body);
  expect(encodedBody(body)).not.toContain('{{');
});

test('one run that cannot be started does not keep the others from it', async () => {
  world.ledger = record(ledgerWith(AXON), AXON, [CALL, event('rest', 'go', 'call-2', 1)]);
  let creates = 0;
  world.kube.onCall = ({ verb, when }) => {
    if (verb === 'create' && when === 'before' && creates++ === 0) throw new Error('the webhook of admission timed out');
  };
  await expect(world.run(sweep)).rejects.toThrow(/^'digits-call-[0-9a-f]{10}' could not be started, the next sweep tries again: the webhook of admission timed out$/);
  expect(workflows()).toHaveLength(1);
});

describe('an alert whose retraining is over and has brought no version', () => {
  const axon: AxonDocument = {
    ...axonOf({
      name: 'decayed',
      triggers: [{ kind: 'alert', name: 'decayed', alert: 'digits-decayed', model: 'model', expression: 'up < 1' }],
      runs: [['train']],
      guard: { ...GUARD, model: 'model' },
    }),
    prometheus: { url: 'http://prometheus' },
  };
  const version = '0123456789';
  const first = event('alert', 'decayed', `0f@${at(0)}`, 0, { model: 'model', version });
  const live: Release = { model: 'model', version, state: 'live', events: [first.id], runs: {}, metrics: {}, images: {}, at: at(-100), why: 'a test' };
  let own: World;

  beforeEach(async () => {
    own = await World.of(axon);
    own.now += 3600_000;
    const run = 'digits-decayed-0';
    own.ledger = {
      ...record(ledgerWith(axon), axon, [first]),
      sensors: { decayed: { sets: [{ decision: 'consumed', run, uid: 'u', events: [first.id], version: 'abcdef0123', at: at(1), numbers: [] }] } },
      models: { model: { retrains: [{ run, sensor: 'decayed', at: at(1) }], exhausted: 0, trained: [], running: run } },
    };
    own.releases = [live];
  });
  afterEach(() => own.close());

  const started = () => own.kube.all('Workflow') as unknown as WorkflowObject[];
  const ended = () => own.kube.put({
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'digits-decayed-0', labels: {} }, status: { phase: 'Failed', finishedAt: at(600) },
  } as never);

  const labels = { alertname: 'digits-decayed', axon: 'digits', namespace: 'default', model: 'model', version };
  const firing = (fires: boolean) => {
    own.answer = () => ({ status: 200, body: { status: 'success', data: { alerts: fires ? [{ state: 'firing', labels, activeAt: at(-10) }] : [] } } });
  };

  test('is looked at again by a run of its own, once, while it fires', async () => {
    ended();
    firing(true);
    await own.run(sweep);
    await own.run(sweep);
    const renewed = event('alert', 'decayed', `0f~2@${at(0)}`, 900, { model: 'model', version });
    expect(own.ledger.events[renewed.id]).toEqual(renewed.event);
    expect(own.ledger.models.model!.retrains).toEqual([{ run: 'digits-decayed-0', sensor: 'decayed', at: at(1), ended: at(600) }]);
    const [, run] = started();
    expect(started()).toHaveLength(2);
    expect(JSON.parse(bodyOf(run!.spec!.arguments.parameters[0]!.value))).toMatchObject({ id: renewed.id, data: { alert: 'digits-decayed', startsAt: at(0), version } });
  });

  test.each([[true, 'pass'], [false, 'refused']])('retrains only if it still fires then: when that is %s, its gate says %s', async (fires, decision) => {
    ended();
    firing(true);
    await own.run(sweep);
    const { metadata, spec } = started()[1]!;
    firing(fires);
    const [body, delivery] = spec!.arguments.parameters.map(({ value }) => value);
    await own.run(gate, { args: { sensor: 'decayed' }, run: [metadata.name, 'uid'], env: { MYELIN_EVENT: body!, MYELIN_DELIVERY: delivery! } });
    expect(await own.outputs()).toMatchObject({ decision });
  });

  test('is left alone when it fires no more', async () => {
    ended();
    firing(false);
    await own.run(sweep);
    expect(started()).toHaveLength(1);
  });

  test('is left alone when a newer version is live', async () => {
    ended();
    firing(true);
    own.releases = [{ ...live, version: 'abcdef0123', at: at(700) }, live];
    await own.run(sweep);
    expect(started()).toHaveLength(1);
  });
});

describe('what finished runs have not told', () => {
  const run = { 'digits-call-1': 'call' };

  test('a success that nobody listens to is the last of its task, with the hash of its data', async () => {
    world.ledger = ledgerWith(AXON, run);
    workflow('digits-call-1', 'call', 'Failed', { 'gate': ['Succeeded'], 'task-prepare': ['Succeeded', { 'data-hash': '0123abcd' }], 'task-train': ['Failed'] });
    await world.run(sweep);
    expect(world.ledger.tasks).toEqual({ prepare: { runId: 'digits-call-1', at: at(40), dataHash: '0123abcd' } });
  });

  test('tasks that were skipped or omitted, and runs that go on, tell nothing', async () => {
    workflow('digits-call-1', 'call', 'Succeeded', { 'gate': ['Succeeded'], 'task-prepare': ['Skipped'], 'task-train': ['Omitted'] });
    workflow('digits-call-2', 'call', 'Running', { 'task-prepare': ['Succeeded'] });
    await world.run(sweep);
    expect(world.kube.find('ConfigMap', AXON.ledger)).toBeUndefined();
  });

  const nodes = { 'task-prepare': ['Succeeded', { 'data-hash': '0123abcd' }], 'task-train': ['Succeeded', { metrics: '{"test_accuracy":0.97}' }] } as const;

  test('an end whose emit step failed is recorded as it would have been, and starts who waits for it', async () => {
    world.ledger = ledgerWith(AXON, run);
    workflow('digits-call-1', 'call', 'Failed', { ...nodes, 'emit-train': ['Failed'] } as never);
    await world.run(sweep);
    const { id } = event('task', 'train', 'digits-call-1', 40);
    expect(world.ledger.events[id]).toMatchObject({ metrics: { test_accuracy: 0.97 }, dataHash: '0123abcd', at: at(40) });
    expect(workflows().filter(({ metadata }) => metadata.labels!['myelin.io/sensor'] === 'trained')).toHaveLength(1);
  });

  test('an end that nobody waited for at the time starts nothing that waits for it now', async () => {
    world.ledger = ledgerWith(AXON, run);
    workflow('digits-call-1', 'call', 'Succeeded', nodes as never);
    await world.run(sweep);
    expect(workflows()).toHaveLength(1);
    expect(world.ledger.tasks.train).toEqual({ runId: 'digits-call-1', at: at(40), dataHash: '0123abcd' });
  });

  test('a sweep that finds nothing new writes nothing', async () => {
    world.ledger = ledgerWith(AXON, run);
    workflow('digits-call-1', 'call', 'Succeeded', nodes as never);
    await world.run(sweep);
    const { resourceVersion } = world.kube.find('ConfigMap', AXON.ledger)!.metadata;
    await world.run(sweep);
    expect(world.kube.find('ConfigMap', AXON.ledger)!.metadata.resourceVersion).toBe(resourceVersion);
  });
});

describe('a retrain that is marked as running', () => {
  const marked = (): LedgerDocument => ({ ...ledgerWith(AXON), models: { guarded: { retrains: [], exhausted: 0, trained: [], running: 'digits-guarded-1' } } });

  test.each(['Succeeded', 'Failed', 'Error'])('is over when its Workflow has %s', async (phase) => {
    world.ledger = marked();
    workflow('digits-guarded-1', 'guarded', phase);
    await world.run(sweep);
    expect(world.ledger.models.guarded).not.toHaveProperty('running');
  });

  test('is over when its Workflow is gone', async () => {
    world.ledger = marked();
    await world.run(sweep);
    expect(world.ledger.models.guarded).not.toHaveProperty('running');
  });

  test.each(['Running', 'Pending', undefined])('goes on while its Workflow is %s', async (phase) => {
    world.ledger = marked();
    workflow('digits-guarded-1', 'guarded', phase!);
    await world.run(sweep);
    expect(world.ledger.models.guarded!.running).toBe('digits-guarded-1');
  });

  test('of another run that began meanwhile goes on', async () => {
    world.ledger = marked();
    world.kube.onCall = ({ verb, when, kind }) => {
      if (verb === 'get' && kind === 'Workflow' && when === 'after') world.ledger = { ...marked(), models: { guarded: { ...marked().models.guarded!, running: 'digits-guarded-2' } } };
    };
    await world.run(sweep);
    expect(world.ledger.models.guarded!.running).toBe('digits-guarded-2');
  });
});
