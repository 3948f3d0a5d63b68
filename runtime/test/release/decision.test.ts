import type { AxonDocument, AxonSensor } from '../../src/contract/documents.js';
import { AXON, MODEL, training, World } from './world.js';

// A run that is nothing but a deployment: deploy itself decides whether it goes on.

const [V1, V2] = [1, 2].map((n) => training(n).version);

/** The axon with another sensor that deploys. */
function axonWith(trained: Partial<AxonSensor>): AxonDocument {
  return { ...AXON, sensors: AXON.sensors.map((sensor) => (sensor.name === 'trained' ? { ...sensor, ...trained } : sensor)) };
}

const setsOf = (there: World) => (there.ledger().sensors.trained?.sets ?? []).map(({ decision, run }) => [decision, run]);

let world: World;
let wrote: string[];
async function begin(axon: AxonDocument): Promise<void> {
  world = await World.of([MODEL], axon);
  wrote = [];
  world.crash = ({ verb, name, when }) => {
    if (when === 'before' && ['create', 'replace', 'remove'].includes(verb)) wrote.push(`${verb} ${name}`);
  };
}
afterEach(() => world.close());

test('what passes is deployed, and the ledger holds the set under the name of the run', async () => {
  await begin(AXON);
  await world.deploy(1);
  expect([await world.output('decision'), world.states(), setsOf(world)]).toEqual(['pass', [`${V1} live`], [['consumed', 'digits-trained-1']]]);
  expect([await world.output('version'), await world.output('events')]).toEqual([V1, JSON.stringify([training(1).event])]);
});

test('what is refused is not deployed: nothing but the ledger is written, and the step ends well', async () => {
  await begin(axonWith({ conditions: [{ kind: 'metric', task: 'train', metric: 'test_accuracy', operator: '>', threshold: 0.99 }] }));
  await world.deploy(1);
  expect([await world.output('decision'), wrote, setsOf(world)]).toEqual(['refused', ['replace digits-ledger'], [['refused', 'digits-trained-1']]]);
  await world.deploy(1);
  expect([await world.output('decision'), wrote]).toEqual(['refused', ['replace digits-ledger']]);
});

test('a set that another run has is not deployed again', async () => {
  await begin(AXON);
  await world.deploy(1);
  wrote = [];
  await world.deploy(1, { env: { MYELIN_RUN: 'digits-trained-other' } });
  expect([await world.output('decision'), wrote]).toEqual(['taken', []]);
});

test('a Workflow that is made again under its name deploys nothing', async () => {
  await begin(AXON);
  await world.deploy(1);
  wrote = [];
  await world.deploy(1, { env: { MYELIN_RUN_UID: 'another' } });
  expect([await world.output('decision'), wrote]).toEqual(['already-ran', []]);
});

test('an event that waits for another deploys nothing; the run of the last one deploys both', async () => {
  const both: AxonSensor['triggers'] = [{ kind: 'task', name: 'train-succeeded', task: 'train', phase: 'succeeded' }, { kind: 'rest', name: 'go' }];
  await begin(axonWith({ triggers: both }));
  await world.deploy(1);
  expect([await world.output('decision'), wrote]).toEqual(['waiting', []]);
  const called = { MYELIN_RUN: 'digits-trained-call', MYELIN_RUN_UID: 'uid-call', MYELIN_EVENT: 'Z28=', MYELIN_DELIVERY: 'rest-go/1' };
  await world.deploy(9, { env: called });
  expect([await world.output('decision'), setsOf(world)]).toEqual(['pass', [['consumed', 'digits-trained-call']]]);
  expect(world.history().releases).toMatchObject([{ state: 'live', events: [expect.any(String), expect.any(String)] }]);
});

test('a deployment that is killed once it has decided deploys the same version, whatever has happened meanwhile', async () => {
  await begin(AXON);
  world.crash = ({ verb, name, when }) => {
    if (verb === 'replace' && name === AXON.ledger && when === 'after') throw new Error('killed');
  };
  await expect(world.deploy(1)).rejects.toThrow('killed');
  world.crash = undefined;
  await world.deploy(2);
  await world.deploy(1);
  expect([await world.output('decision'), world.states()]).toEqual(['pass', [`${V1} live`, `${V2} live`]]);
  expect(setsOf(world)).toEqual([['consumed', 'digits-trained-1'], ['consumed', 'digits-trained-2']]);
});

test('a version that the gate of the run has let pass is deployed unasked, even if the ledger has forgotten it by then', async () => {
  await begin(AXON);
  const gated = { args: { version: V1!, events: JSON.stringify([training(1).event]) } };
  await world.deploy(1, gated);
  expect([await world.output('decision'), setsOf(world), world.states()]).toEqual([undefined, [], [`${V1} live`]]);
  const forgetful = { ...world.ledger(), events: {}, tasks: { train: { runId: 'digits-run-2', at: '2026-03-01T08:01:00Z' } } };
  world.kube.edit('ConfigMap', AXON.ledger, (map) => { map.data['ledger.json'] = JSON.stringify(forgetful); });
  await world.deploy(2, { args: { version: V2!, events: JSON.stringify([training(2).event]) } });
  expect(world.states()).toEqual([`${V2} live`, `${V1} live`]);
});
