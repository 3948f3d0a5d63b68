import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { EventBus } from '../../../src/pocket/events/event-bus.js';
import { EventSourceController } from '../../../src/pocket/events/event-source-controller.js';
import type { Permits } from '../../../src/pocket/events/k8s-trigger.js';
import { NASTY, type Nastiness } from '../../../src/pocket/events/nastiness.js';
import { SensorController } from '../../../src/pocket/events/sensor-controller.js';
import type { KubeObject } from '../../../src/pocket/objects/kube-object.js';
import { ObjectStore } from '../../../src/pocket/objects/store.js';
import { until } from '../workflow/lab.js';

jest.setTimeout(60_000);

const META = { name: 'digits', namespace: 'default' };
const BUS: KubeObject = { apiVersion: 'argoproj.io/v1alpha1', kind: 'EventBus', metadata: { name: 'default', namespace: 'default' }, spec: { jetstream: { version: 'latest' } } };
const SOURCE: KubeObject = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'EventSource',
  metadata: META,
  spec: {
    eventBusName: 'default',
    service: { ports: [{ name: 'http', port: 12000, targetPort: 12000 }] },
    webhook: {
      trained: { endpoint: '/trained', method: 'POST', port: '12000', maxPayloadSize: 1000, authSecret: { name: 'token', key: 'token' } },
      open: { endpoint: '/open', method: 'POST', port: '12000', metadata: { from: 'outside' } },
    },
  },
};

function sensor(trigger: object = {}, conditions = 'trained', operation = 'patch', dependencies: object[] = []): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Sensor',
    metadata: META,
    spec: {
      dependencies: [
        { name: 'trained', eventSourceName: 'digits', eventName: 'trained' }, { name: 'open-door', eventSourceName: 'digits', eventName: 'open' }, ...dependencies,
      ],
      triggers: [{
        atLeastOnce: true,
        retryStrategy: { steps: 3, duration: '5ms' },
        template: {
          name: 'run',
          conditions,
          k8s: {
            operation,
            source: { resource: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'got-' }, data: {} } },
            parameters: [
              { src: { dependencyName: 'trained', dataKey: 'body.id' }, dest: 'metadata.name', operation: 'append' },
              { src: { dependencyName: 'trained', dataKey: 'body' }, dest: 'data.event' },
              { src: { dependencyName: 'open-door', dataKey: 'body' }, dest: 'data.open' },
            ],
          },
        },
        ...trigger,
      }],
    },
  };
}

let folder: string;
let objects: ObjectStore;
let stop: () => Promise<void>;
let warnings: string[];
const services = new Map<string, { host: string; port: number }>();

async function start(nastiness?: Nastiness, permits?: Permits): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'pocket-engines-'));
  warnings = [];
  services.clear();
  const log = { info: () => undefined, warn: (message: string, keys?: object) => void warnings.push(`${message} ${JSON.stringify(keys)}`) };
  objects = ObjectStore.open(folder, log);
  const bus = new EventBus(nastiness);
  const sources = new EventSourceController({
    objects,
    log,
    bus,
    register: (namespace, service, port, address) => {
      const key = `${service}.${namespace}:${port}`;
      services.set(key, address);
      return () => services.delete(key);
    },
  });
  const sensors = new SensorController({ objects, log, bus, permits });
  await Promise.all([sources.start(), sensors.start()]);
  stop = async () => {
    await Promise.all([sources.stop(), sensors.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
  objects.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token', namespace: 'default' }, stringData: { token: 'secret\n' } });
}

async function all(one: KubeObject = sensor()): Promise<void> {
  objects.apply(BUS);
  objects.apply(SOURCE);
  objects.apply(one);
  await until('the service', () => services.get('digits-eventsource-svc.default:12000'));
  await until('the sensor', () => condition('Sensor')?.status === 'True');
}

function condition(kind: string): { status: string; message?: string } | undefined {
  return objects.get({ kind, namespace: 'default', name: 'digits' })?.status?.conditions?.[0];
}

async function post(path: string, body: string | object, headers: Record<string, string> = { authorization: 'Bearer secret' }, method = 'POST'): Promise<[number, string]> {
  const { host, port } = services.get('digits-eventsource-svc.default:12000')!;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`http://${host}:${port}${path}`, { method, headers, ...(method === 'POST' && { body: text }) });
  return [response.status, await response.text()];
}

const got = (id: string): KubeObject | undefined => objects.get({ kind: 'ConfigMap', namespace: 'default', name: `got-${id}` });

afterEach(() => stop());

test('a webhook answers as the real one', async () => {
  await start();
  await all();
  expect(await post('/trained', { id: 'a' })).toEqual([200, 'success']);
  expect(await post('/trained', { id: 'a' }, {})).toEqual([401, 'Invalid Authorization Header']);
  expect(await post('/trained', { id: 'a' }, { authorization: 'Bearer guess' })).toEqual([401, 'Invalid Auth token']);
  expect((await post('/trained', '{"id": '))[0]).toBe(400);
  expect((await post('/trained', ''))[0]).toBe(400);
  expect((await post('/open', '1,"header":{}'))[0]).toBe(400);
  expect(await post('/trained', { id: 'x'.repeat(5000) })).toEqual([400, 'failed to parse request body, http: request body too large'.repeat(2)]);
  expect(await post('/trained', '', undefined, 'GET')).toEqual([400, 'http method does not match']);
  expect((await post('/nowhere', {}))[0]).toBe(404);
  expect(await post('/health', '', {}, 'GET')).toEqual([200, 'OK']);
  objects.remove({ kind: 'Secret', namespace: 'default', name: 'token' });
  expect(await post('/trained', { id: 'a' })).toEqual([500, 'Error loading auth token']);
});

test('an event makes an object once, however often it comes', async () => {
  await start();
  await all();
  await post('/trained', { id: 'a', text: '{{workflow.name}} "quoted"' });
  await until('the object', () => got('a'));
  const before = got('a');
  await post('/trained', { id: 'a', text: '{{workflow.name}} "quoted"' });
  await post('/trained', { id: 'b' });
  await until('the next', () => got('b'));
  expect(got('a')).toEqual(before);
  expect(JSON.parse(got('a')!.data.event)).toEqual({ id: 'a', text: '{{workflow.name}} "quoted"' });
});

test('create is tried again when there is one already, and holds up what comes after', async () => {
  await start();
  await all(sensor({}, 'trained', 'create'));
  await post('/trained', { id: 'a' });
  await until('the object', () => got('a'));
  await post('/trained', { id: 'a' });
  await post('/trained', { id: 'b' });
  await until('the next', () => got('b'));
  expect(got('b')!.metadata.labels).toMatchObject({ 'events.argoproj.io/sensor': 'digits', 'events.argoproj.io/trigger': 'run' });
  expect(warnings.filter((line) => line.includes('tried again'))).toHaveLength(2);
  expect(warnings.filter((line) => line.includes('given up'))).toHaveLength(1);
});

test('of an AND only the latest of each is kept', async () => {
  await start();
  await all(sensor({}, 'trained && open-door'));
  await post('/trained', { id: 'early' });
  await post('/trained', { id: 'late' });
  await post('/open', { door: 1 });
  await until('the object', () => got('late'));
  expect(got('early')).toBeUndefined();
  expect(got('late')!.data).toEqual({ event: '{"id":"late"}', open: '{"door":1}' });
  await post('/open', { door: 2 });
  await post('/trained', { id: 'again' });
  await until('the next round', () => got('again'));
  expect(got('again')!.data.open).toBe('{"door":2}');
});

test('what was sent before a Sensor listened is lost to it', async () => {
  await start();
  objects.apply(BUS);
  objects.apply(SOURCE);
  await until('the service', () => services.size === 1);
  expect(await post('/trained', { id: 'early' })).toEqual([200, 'success']);
  await all();
  await post('/trained', { id: 'late' });
  await until('the object', () => got('late'));
  expect(got('early')).toBeUndefined();
});

test('an event that does not pass its filter does nothing', async () => {
  await start();
  const one = sensor();
  one.spec.dependencies[0].filters = { data: [{ path: 'body.status', type: 'string', value: ['^firing$'] }] };
  await all(one);
  await post('/trained', { id: 'resolved', status: 'resolved' });
  await post('/trained', { id: 'silent' });
  await post('/trained', { id: 'firing', status: 'firing' });
  await until('the object', () => got('firing'));
  expect([got('resolved'), got('silent')]).toEqual([undefined, undefined]);
  expect(warnings.join()).toContain("path 'body.status' does not exist");
});

test('a Sensor may do what its account may', async () => {
  await start(undefined, ({ verb, serviceAccount, kind }) => (verb === 'create' ? `${serviceAccount} cannot create ${kind}` : undefined));
  await all();
  await post('/trained', { id: 'a' });
  await until('it to give up', () => warnings.some((line) => line.includes('given up') && line.includes('default cannot create ConfigMap')));
  expect(got('a')).toBeUndefined();
});

test('a nasty bus loses the first, brings the others several times, late and out of order, and still each once at least', async () => {
  await start({ ...NASTY, seed: 3 });
  await all();
  await post('/trained', { id: 'lost' });
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const id of ids) await post('/trained', { id });
  await until('all of them', () => ids.every((id) => got(id)));
  expect(got('lost')).toBeUndefined();
});

test('the same seed does the same', async () => {
  const orders = await Promise.all([1, 1, 2].map(async (seed) => {
    const bus = new EventBus({ seed, duplicates: 3 });
    const seen: string[] = [];
    const subscription = bus.subscribe('s', [{ namespace: 'default', bus: 'default', source: 's', event: 'e' }], async ({ data }) => void seen.push(data));
    for (let data = 0; data < 10; data++) bus.publish({ namespace: 'default', bus: 'default' }, { id: '1', source: 's', subject: 'e', type: 'webhook', time: '', data: String(data) });
    await until('the last', () => seen.includes('9'));
    await subscription.close();
    return seen.join();
  }));
  await start();
  expect(orders[0]).toBe(orders[1]);
  expect(orders[0]).not.toBe(orders[2]);
});

describe('what is not supported is refused by its field', () => {
  test.each([
    ["'spec.calendar'", { ...SOURCE, spec: { ...SOURCE.spec, calendar: { tick: { interval: '1s' } } } }],
    ["'spec.webhook.open.filter'", { ...SOURCE, spec: { ...SOURCE.spec, webhook: { open: { endpoint: '/', port: '1', filter: { expression: 'true' } } } } }],
    ["'spec.triggers[0].template.argoWorkflow'", sensor({ template: { name: 'run', argoWorkflow: { operation: 'submit' } } })],
    ["'spec.triggers[0].dlqTrigger'", sensor({ dlqTrigger: { template: { name: 'dead' } } })],
    ["'spec.triggers[0].template.k8s.operation' (delete)", sensor({}, 'trained', 'delete')],
    ["'spec.triggers[0].template.conditions' (nobody) names 'nobody'", sensor({}, 'nobody')],
    ["'spec.dependencies[2].transform'", sensor({}, 'trained', 'patch', [{ name: 'x', eventSourceName: 'a', eventName: 'b', transform: { jq: '.' } }])],
  ])('fails if %s is given', async (reason, object: KubeObject) => {
    await start();
    objects.apply(BUS);
    objects.apply(object);
    await until('the refusal', () => condition(object.kind)?.status === 'False');
    expect(condition(object.kind)!.message).toContain(reason);
    expect(warnings.join()).toContain('cannot be run');
    expect(services.size).toBe(0);
  });

  test('a template that does not parse is refused with its place', async () => {
    await start();
    const one = sensor();
    one.spec.triggers[0].template.k8s.parameters[0].src = { dependencyName: 'trained', dataTemplate: '{{ now }}' };
    objects.apply(BUS);
    objects.apply(one);
    await until('the refusal', () => condition('Sensor'));
    expect(condition('Sensor')!.message).toBe("'spec.triggers[0].template.k8s.parameters[0]' (metadata.name) cannot be read: function \"now\" not defined");
  });

  test('nothing is carried without a bus, and all is once there is one', async () => {
    await start();
    objects.apply(SOURCE);
    objects.apply(sensor());
    await until('both to wait', () => condition('Sensor')?.status === 'False' && condition('EventSource')?.status === 'False');
    expect(condition('Sensor')!.message).toBe("there is no EventBus 'default' in namespace 'default'");
    await all();
    await post('/trained', { id: 'a' });
    await until('the object', () => got('a'));
  });
});

test('a Service goes with its EventSource', async () => {
  await start();
  await all();
  objects.remove({ kind: 'EventSource', namespace: 'default', name: 'digits' });
  await until('it to go', () => services.size === 0);
});
