import { readFileSync } from 'node:fs';
import { jest } from '@jest/globals';
import { loadAll } from 'js-yaml';
import { EventBus } from '../../../src/pocket/events/event-bus.js';
import { EventSourceController } from '../../../src/pocket/events/event-source-controller.js';
import { NASTY, type Nastiness } from '../../../src/pocket/events/nastiness.js';
import { SensorController } from '../../../src/pocket/events/sensor-controller.js';
import type { KubeObject } from '../../../src/pocket/objects/kube-object.js';
import { Lab, until, type Act, type Ran } from './lab.js';

jest.setTimeout(60_000);

const EXPECTED = new URL('../../../../examples/digits/expected/', import.meta.url);
const ENGINES = new Set(['WorkflowTemplate', 'EventBus', 'EventSource', 'Sensor', 'Workflow', 'CronWorkflow']);
const EVENT = { specversion: '1.0', id: '0a1b2c3d4e5f6071', type: 'io.myelin.task', data: { text: 'it\'s "97 %" {{workflow.name}}' } };

/** The synthesised objects, with waits between attempts that a test can wait for. */
function synthesised(): KubeObject[] {
  return ['platform.yaml', 'digits.yaml'].flatMap((file) => loadAll(readFileSync(new URL(file, EXPECTED), 'utf8').replace(/duration: (5|10)s/g, 'duration: 5ms')) as KubeObject[])
    .filter(({ kind }) => ENGINES.has(kind));
}

/** What the runtime's programs and the user's code leave behind. */
function outputs({ node }: Ran, decision = 'pass'): Record<string, string> {
  const step = node.replace(/\(\d+\)$/, '');
  if (step === 'gate') {
    return Object.fromEntries(Object.entries({ 'decision': decision, 'version': '25fcd78b04', 'events': '["0a1b"]', 'trained-data-hash': 'old', 'folder-train': '/folder', 'live-train': '' })
      .map(([name, text]) => [`/myelin/out/${name}`, text]));
  }
  if (step.startsWith('build-')) return { '/myelin/out/image': `registry.local:5000/${step}@sha256:0a1b` };
  return { '/myelin/out/metrics.json': '{"test_accuracy":0.97}\n', '/myelin/out/data-hash': 'new' };
}

let lab: Lab;
let stop: () => Promise<void>;
const services = new Map<string, string>();

async function start(script: (ran: Ran) => Act = (ran) => ({ files: outputs(ran) }), nastiness?: Nastiness): Promise<void> {
  lab = await new Lab().start();
  lab.script = script;
  const { objects, log } = lab;
  const bus = new EventBus(nastiness);
  const engines = [
    new EventSourceController({
      objects,
      log,
      bus,
      register: (namespace, service, port, address) => {
        services.set(`${service}.${namespace}.svc:${port}`, `http://${address.host}:${address.port}`);
        return () => undefined;
      },
    }),
    new SensorController({ objects, log, bus }),
  ];
  await Promise.all(engines.map((engine) => engine.start()));
  stop = () => Promise.all(engines.map((engine) => engine.stop())).then(() => undefined);
  objects.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'myelin-webhook-token', namespace: 'default' }, stringData: { token: 't' } });
  for (const object of synthesised()) objects.apply(object);
  await until('the Sensor', () => objects.get({ kind: 'Sensor', namespace: 'default', name: 'digits' })?.status?.conditions?.[0]?.status === 'True');
}

afterEach(async () => {
  await stop();
  await lab.close();
});

async function post(service: string, path: string, body: object): Promise<void> {
  const address = await until(service, () => services.get(service));
  const { status } = await fetch(address + path, { method: 'POST', headers: { authorization: 'Bearer t' }, body: JSON.stringify(body) });
  expect(status).toBe(200);
}

const trained = (event: object = EVENT): Promise<void> => post('digits-eventsource-svc.default.svc:12000', '/task-train-succeeded', event);
const runs = (sensor: string): string[] => lab.objects.list('Workflow', { labels: { 'myelin.io/sensor': sensor } }).map(({ metadata }) => metadata.name).sort();
const value = (ran: Ran, name: string): string => ran.pod.spec.containers[0].env.find((each: { name: string }) => each.name === name).value;

test('start runs once, and the end of its search runs the deployment of a version once', async () => {
  await start();
  const first = runs('start')[0]!;
  expect((await lab.ended(first)).status!.phase).toBe('Succeeded');
  expect(lab.phases(first)).toEqual({
    'gate': 'Succeeded', 'build-prepare': 'Succeeded', 'build-train': 'Succeeded', 'task-prepare': 'Succeeded', 'task-train': 'Succeeded',
  });
  expect(lab.steps(first).at(-1)).toBe('task-train(0)');
  const ran = (step: string): Ran => lab.ran.find(({ node }) => node === `${step}(0)`)!;
  expect(ran('task-prepare').pod.spec.containers[0].image).toBe('registry.local:5000/build-prepare@sha256:0a1b');
  expect(value(ran('task-prepare'), 'DATA_PATH')).toBe(`/var/lib/myelin/digits/prepare/${first}`);
  expect(ran('task-train').pod.spec.containers[0].args).toEqual(expect.arrayContaining(['tune', '--task=train', '--data-hash=new']));
  expect(ran('build-train').pod.spec.volumes).toContainEqual({ name: 'input-artifact-source', hostPath: { path: '/checkouts/https://git.example.org/ml/digits.git', type: 'Directory' } });

  for (let copies = 0; copies < 3; copies++) await trained();
  const deployment = await until('the run', () => runs('trained')[0]);
  expect(deployment).toMatch(/^digits-trained-[0-9a-f]{10}$/);
  expect((await lab.ended(deployment)).status!.phase).toBe('Succeeded');
  await trained({ ...EVENT, id: 'ffffffffffffffff' });
  const second = await until('the next run', () => runs('trained').find((name) => name !== deployment));
  await lab.ended(second);
  expect(lab.phases(deployment)).toEqual({ 'gate': 'Succeeded', 'build-serve': 'Succeeded', 'deploy-model': 'Succeeded' });
  const gate = lab.ran.find(({ workflow, node }) => workflow === deployment && node === 'gate(0)')!;
  const event = value(gate, 'MYELIN_EVENT');
  expect(JSON.parse(Buffer.from(event, 'base64').toString())).toEqual(EVENT);
  expect(value(gate, 'MYELIN_DELIVERY')).toMatch(/^task-train-succeeded\/[0-9a-f]{32}$/);
  expect(JSON.parse(value(gate, 'MYELIN_PARAMETERS'))).toContainEqual({ name: 'event', value: event });
  expect(lab.steps(deployment).filter((step) => step.startsWith('deploy'))).toEqual(['deploy-model(0)']);
  expect(lab.steps(first)).toHaveLength(5);
});

test('a refused gate leaves out the rest, and the run succeeds', async () => {
  await start((ran) => ({ files: outputs(ran, 'not met: test_accuracy 0.9 is not above 0.95') }));
  await trained();
  const run = await until('the run', () => runs('trained')[0]);
  expect((await lab.ended(run)).status!.phase).toBe('Succeeded');
  expect(lab.phases(run)).toEqual({ 'gate': 'Succeeded', 'build-serve': 'Skipped', 'deploy-model': 'Omitted' });
});

test('an alert that fires runs the retraining, which is skipped where the data is that of before', async () => {
  await start((ran) => ({ files: { ...outputs(ran), ...(ran.node === 'task-prepare(0)' && { '/myelin/out/data-hash': 'old' }) } }));
  const alert = { version: '4', status: 'firing', alerts: [{ status: 'firing', fingerprint: 'f1', startsAt: '2026-01-01T00:00:00Z', labels: {} }] };
  const address = 'digits-eventsource-svc.default.svc:12001';
  await post(address, '/alert-decayed-decayed', { ...alert, status: 'resolved' });
  for (let copies = 0; copies < 2; copies++) await post(address, '/alert-decayed-decayed', alert);
  const run = await until('the run', () => runs('decayed')[0]);
  expect((await lab.ended(run)).status!.phase).toBe('Succeeded');
  expect(lab.phases(run)).toMatchObject({ 'task-prepare': 'Succeeded', 'task-train': 'Skipped' });
  expect(runs('decayed')).toHaveLength(1);
});

test('a lost machine is tried again, exit code 1 of a task is not', async () => {
  await start((ran) => {
    if (ran.node === 'task-prepare(0)') return { lost: true };
    return ran.node === 'task-prepare(1)' ? { exit: 1 } : { files: outputs(ran) };
  });
  const run = runs('start')[0]!;
  expect((await lab.ended(run)).status!.phase).toBe('Failed');
  expect(lab.phases(run)).toMatchObject({ 'build-train': 'Succeeded', 'task-prepare': 'Failed', 'task-train': 'Omitted' });
  expect(lab.steps(run).filter((step) => step.startsWith('task-prepare'))).toEqual(['task-prepare(0)', 'task-prepare(1)']);
});

test('a program that says that no retry helps is not tried again', async () => {
  await start((ran) => {
    if (ran.node === 'gate(0)') return { exit: 1 };
    return ran.node === 'gate(1)' ? { exit: 65 } : { files: outputs(ran) };
  });
  // What the next synthesis puts into each step of the runtime.
  const { objects } = lab;
  const template = objects.get({ kind: 'WorkflowTemplate', namespace: 'default', name: 'digits' })!;
  for (const { retryStrategy } of template.spec.templates) if (retryStrategy?.retryPolicy === 'Always') retryStrategy.expression = 'asInt(lastRetry.exitCode) != 65';
  objects.replace(template);
  await trained();
  const run = await until('the run', () => runs('trained')[0]);
  expect((await lab.ended(run)).status!.phase).toBe('Failed');
  expect(lab.steps(run)).toEqual(['gate(0)', 'gate(1)']);
  expect(lab.phases(run)).toEqual({ 'gate': 'Failed', 'build-serve': 'Omitted', 'deploy-model': 'Omitted' });
});

test('a nasty bus changes nothing of what runs', async () => {
  await start(undefined, { ...NASTY, losesFirst: false });
  for (const id of ['a', 'b', 'c'].map((digit) => digit.repeat(16))) await trained({ ...EVENT, id });
  await until('the runs', () => runs('trained').length === 3);
  for (const name of runs('trained')) await lab.ended(name);
  for (const name of runs('trained')) expect(lab.steps(name)).toEqual(['gate(0)', 'build-serve(0)', 'deploy-model(0)']);
});
