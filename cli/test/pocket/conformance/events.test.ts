import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { kindAt, API_KINDS } from '../../../src/pocket/api/kinds.js';
import { forbidden, isAllowed } from '../../../src/pocket/api/rbac.js';
import { EventBus } from '../../../src/pocket/events/event-bus.js';
import { EventSourceController } from '../../../src/pocket/events/event-source-controller.js';
import type { Access } from '../../../src/pocket/events/k8s-trigger.js';
import { NASTY, type Nastiness } from '../../../src/pocket/events/nastiness.js';
import { SensorController } from '../../../src/pocket/events/sensor-controller.js';
import type { KubeObject } from '../../../src/pocket/objects/kube-object.js';
import { ObjectStore } from '../../../src/pocket/objects/store.js';
import { until } from '../workflow/lab.js';
import { done, expected, recorded, type Differences } from './behaviours.js';

jest.setTimeout(60_000);

interface Request {
  readonly name: string;
  readonly method?: string;
  readonly path: string;
  readonly token?: string;
  readonly scheme?: string;
  readonly body?: string;
}

interface Post {
  readonly to: string;
  readonly body: object;
  readonly times?: number;
  readonly then?: string;
}

interface Round {
  readonly name: string;
  readonly posts: readonly Post[];
  readonly until: { readonly kind: string; readonly name: string } | { readonly trigger: string; readonly failures: number };
}

interface Made {
  readonly kind: string;
  readonly name: string;
  readonly [field: string]: unknown;
}

interface Recorded {
  readonly answers: readonly { readonly name: string; readonly status: number; readonly text: string }[];
  readonly rounds: readonly { readonly name: string; readonly made: readonly Made[] }[];
  readonly failed: readonly { readonly trigger: string; readonly failures: readonly string[] }[];
  readonly outages: readonly { readonly name: string; readonly made: readonly string[] }[];
}

const NAMESPACE = 'myelin-behaviours';
const MADE = /^(early|run|both|either|alert|made|secret|named|quick|back)-/;
const RULES = [
  { apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'get', 'patch'] }, { apiGroups: ['argoproj.io'], resources: ['workflows'], verbs: ['create', 'get', 'patch'] },
];

const PARSERS = 'each parser has words of its own';
const says = (text: string) => (record: { readonly name: string; readonly status: number }) => ({ ...record, text });

const DIFFERENCES: Differences = {
  'a call whose body is no JSON': { here: says('Unexpected end of JSON input'), why: PARSERS },
  'a call whose body has something behind it': { here: says('Unexpected non-whitespace character after JSON at position 18'), why: PARSERS },
  'a call without a body': { here: says('Unexpected end of JSON input'), why: PARSERS },
  'failures of alert': {
    here: (record: readonly string[]) => record.map((text) => text.replace(/template: .*/, 'error calling index: index out of range: 0')), why: PARSERS,
  },
};

const { objects: manifests, requests, rounds } = done<{ objects: KubeObject[]; requests: Request[]; rounds: Round[] }>('events');
const record = recorded<Recorded>('events');

/** A source and a Sensor over a bus, as they are recorded. What a try waits for is a hundredth of what it is there. */
class World {
  readonly warnings: { message: string; keys: Record<string, unknown> }[] = [];
  readonly objects: ObjectStore;
  private readonly folder = mkdtempSync(join(tmpdir(), 'pocket-engines-'));
  private readonly log = {
    info: () => undefined, warn: (message: string, keys: Readonly<Record<string, unknown>> = {}) => void this.warnings.push({ message, keys }),
  };
  private readonly engines: readonly { start(): Promise<void>; stop(): Promise<void> }[];
  private address?: string;

  constructor(nastiness?: Nastiness) {
    this.objects = ObjectStore.open(this.folder, this.log);
    const { objects, log } = this;
    const bus = new EventBus(nastiness);
    const register = (_: string, __: string, ___: number, { host, port }: { host: string; port: number }) => {
      this.address = `http://${host}:${port}`;
      return () => { this.address = undefined; };
    };
    this.engines = [
      new EventSourceController({ objects, log, bus, register }),
      new SensorController({ objects, log, bus, permits: (access) => this.refusal(access) }),
    ];
  }

  /** Starts with everything but the Sensor. */
  async start(): Promise<this> {
    await Promise.all(this.engines.map((engine) => engine.start()));
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'sensor', namespace: NAMESPACE } };
    this.objects.apply({ ...role, kind: 'Role', rules: RULES });
    this.objects.apply({ ...role, kind: 'RoleBinding', roleRef: { kind: 'Role', name: 'sensor' }, subjects: [{ kind: 'ServiceAccount', name: 'sensor' }] });
    for (const object of manifests.filter(({ kind }) => kind !== 'Sensor')) this.apply(object);
    await until('the source', () => this.address);
    return this;
  }

  apply(object: KubeObject): void {
    const quick = JSON.parse(JSON.stringify(object).replaceAll('"duration":"1s"', '"duration":"10ms"')) as KubeObject;
    this.objects.apply({ ...quick, metadata: { ...quick.metadata, namespace: NAMESPACE } });
  }

  async listen(sensor = manifests.find(({ kind }) => kind === 'Sensor')!): Promise<void> {
    this.apply(sensor);
    await until('the Sensor', () => this.objects.get({ kind: 'Sensor', namespace: NAMESPACE, name: 'sensor' })?.status?.conditions?.[0]?.status === 'True');
  }

  async post({ path, method = 'POST', token, scheme = 'Bearer', body }: Omit<Request, 'name'>): Promise<{ status: number; text: string }> {
    const answer = await fetch(`${this.address}${path}`, {
      method, headers: { 'content-type': 'application/json', ...(token && { authorization: `${scheme} ${token}` }) }, ...(method !== 'GET' && { body }),
    });
    return { status: answer.status, text: await answer.text() };
  }

  async send({ to, body, times = 1, then }: Post): Promise<void> {
    for (let number = 1; number <= times; number++) {
      const text = JSON.stringify(body).replaceAll('#', String(number).padStart(2, '0'));
      expect(await this.post({ path: `/${to}`, token: 'secret', body: text })).toEqual({ status: 200, text: 'success' });
    }
    if (then !== undefined) await until(then, () => this.has('ConfigMap', then));
  }

  has(kind: string, name: string): boolean {
    return this.objects.get({ kind, namespace: NAMESPACE, name }) !== undefined;
  }

  /** What the Sensor has made, in its order. */
  made(): KubeObject[] {
    return ['ConfigMap', 'Workflow', 'Secret'].flatMap((kind) => this.objects.list(kind, { namespace: NAMESPACE })).filter(({ metadata }) => MADE.test(metadata.name))
      .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion));
  }

  failures(trigger: string): string[] {
    return this.warnings.filter(({ keys }) => keys.trigger === trigger || (keys.dependency === trigger && keys.reason !== undefined))
      .map(({ message, keys }) => (message.includes('filter') ? `discarded due to filtering error: ${keys.reason}` : String(keys.reason)).replaceAll(NAMESPACE, 'NS'));
  }

  async close(): Promise<void> {
    await Promise.all(this.engines.map((engine) => engine.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private refusal({ verb, apiVersion, kind, name, namespace, serviceAccount }: Access): string | undefined {
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') as [string, string] : ['', apiVersion];
    const { plural } = API_KINDS.find((each) => each.kind === kind && each.group === group)!;
    const request = { verb, apiGroup: kindAt(group, version, plural)!.group, resource: plural, namespace, ...(verb !== 'create' && { name }) };
    const caller = { kind: 'account', namespace, account: serviceAccount } as const;
    return isAllowed(this.objects, caller, request) ? undefined : forbidden(caller, request);
  }
}

function traced({ kind, metadata: { name, labels = {} }, data, spec }: KubeObject): Made {
  const told = Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, key.endsWith('timestamp') ? 'TIME' : value]));
  return JSON.parse(JSON.stringify({
    kind,
    name,
    ...(Object.keys(told).length > 0 && { labels: told }),
    data: Object.keys(data ?? {}).length > 0 ? data : undefined,
    parameters: spec?.arguments.parameters,
  })) as Made;
}

const byName = (a: Made, b: Made) => (a.name < b.name ? -1 : 1);

describe('a webhook, a bus and a Sensor', () => {
  let world: World;
  const answers = new Map<string, object>();
  const made = new Map<string, Made[]>();

  beforeAll(async () => {
    world = await new World().start();
    await world.send({ to: 'early', body: { id: 'lost' } });
    const large = `{"id": "${'x'.repeat(1024 * 1024)}"}`;
    const fits = JSON.stringify({ id: 'fits', text: 'x'.repeat(1024 * 1024 - 40) });
    for (const { name, body, ...rest } of requests) {
      answers.set(name, { name, ...await world.post({ ...rest, body: body === 'LARGE' ? large : body === 'FITS' ? fits : body }) });
    }
    await world.listen();
    let known = new Set<string>();
    for (const { name, posts, until: end } of rounds) {
      for (const post of posts) await world.send(post);
      await until(name, () => ('kind' in end ? world.has(end.kind, end.name) : world.failures(end.trigger).length >= end.failures));
      await delay(50);
      const all = world.made();
      const fresh = all.filter(({ metadata }) => !known.has(metadata.uid!)).map(traced);
      made.set(name, / order /.test(name) ? fresh : fresh.sort(byName));
      known = new Set(all.map(({ metadata }) => metadata.uid!));
    }
    for (const part of [0.5, 0.7, 0.75, 0.9]) {
      const name = `a call with a body of ${part} of the largest`;
      answers.set(name, { name, ...await world.post({ path: '/call', token: 'secret', body: JSON.stringify({ id: 'sized', text: 'x'.repeat(part * 1024 * 1024) }) }) });
    }
  });

  afterAll(() => world.close());

  test.each(record.answers.filter(({ name }) => !name.includes('bus is gone')).map((answer) => [answer.name, answer] as const))(
    'answer %s as those of a cluster', (name, answer) => {
      expect(answers.get(name)).toEqual(expected(name, answer, DIFFERENCES));
    });

  test.each(record.rounds.map((round) => [round.name, round.made] as const))('%s', (name, objects) => {
    expect(made.get(name)).toEqual(expected(name, objects, DIFFERENCES));
  });

  test.each(record.failed.map(({ trigger, failures }) => [trigger, failures] as const))('tell of each failure of the trigger %s, as often', (trigger, failures) => {
    expect(world.failures(trigger)).toEqual(expected(`failures of ${trigger}`, failures, DIFFERENCES));
  });
});

test.each(record.outages.map(({ name, made }) => [name, made] as const))('%s', async (name, made) => {
  const world = await new World().start();
  await world.listen();
  // A Sensor is away here while it is edited, as long as the Sensor before it still has something at hand.
  const sensor = structuredClone(manifests.find(({ kind }) => kind === 'Sensor')!);
  if (name.startsWith('half')) await world.send({ to: 'right', body: { id: 'half' }, then: 'either-half' });
  for (const trigger of sensor.spec.triggers) trigger.template.k8s.source.resource.data = { edited: 'yes' };
  world.apply(sensor);
  const sent = name.startsWith('half') ? [{ to: 'left', body: { id: 'other' } }]
    : made.map((object) => ({ to: 'back', body: { id: object.slice('back-'.length) } }));
  for (const post of sent) await world.send(post);
  await until('all of them', () => made.every((object) => world.has('ConfigMap', object)));
  await world.close();
});

test('a nasty bus does all that was seen of a real one: each event at least once, several times, late, and one dependency before the other', async () => {
  const world = await new World({ ...NASTY, seed: 5, losesFirst: false }).start();
  await world.listen();
  for (let number = 1; number <= 20; number++) await world.send({ to: number % 2 ? 'left' : 'right', body: { id: `${number}` } });
  await until('all of them', () => Array.from({ length: 20 }, (_, at) => `either-${at + 1}`).every((name) => world.has('ConfigMap', name)));
  const order = world.made().filter(({ metadata }) => metadata.name.startsWith('either-')).map(({ metadata }) => Number(metadata.name.slice('either-'.length)));
  expect(order).not.toEqual([...order].sort((a, b) => a - b));
  await world.close();
});
