import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { addressOf } from '../../../src/pocket/api/address.js';
import { evicted } from '../../../src/pocket/api/verbs.js';
import type { KubeObject } from '../../../src/pocket/objects/kube-object.js';
import type { Pod } from '../../../src/pocket/pods/pod.js';
import { DeploymentController } from '../../../src/pocket/workloads/deployment-controller.js';
import { JobController } from '../../../src/pocket/workloads/job-controller.js';
import { PodCluster, until } from '../pods/fixture.js';
import { done, expected, recorded, type Differences } from './behaviours.js';

jest.setTimeout(120_000);

interface Done {
  readonly kind: 'Job' | 'Deployment';
  readonly metadata: { readonly name: string };
  readonly act?: string;
  readonly spec: Record<string, unknown>;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

interface Traced {
  readonly kind: string;
  readonly name: string;
  readonly conditions?: readonly Condition[];
  readonly counts?: Readonly<Record<string, number>>;
  readonly pods?: readonly string[];
  readonly left?: number;
}

/** Of a Deployment whose ReplicaSet the record names. */
const ofDeployment = (record: Traced): Traced => ({
  ...record, conditions: record.conditions!.map((each) => ({ ...each, message: each.message?.replace(/ReplicaSet "(.*)-…"/, 'Deployment "$1"') })),
});
const NO_REPLICA_SETS = 'there are no ReplicaSets here, the Pods are the Deployment\'s own';

const DIFFERENCES: Differences = {
  'Deployment ready': { here: ofDeployment, why: NO_REPLICA_SETS },
  'Deployment crashing': { here: ofDeployment, why: NO_REPLICA_SETS },
  'Deployment never-ready': { here: ofDeployment, why: NO_REPLICA_SETS },
};

const { workloads } = recorded<{ workloads: Traced[] }>('workloads');
const played = new Map<string, Traced>();
let cluster: PodCluster;
let engines: readonly { start(): Promise<void>; stop(): Promise<void> }[];

beforeAll(async () => {
  cluster = await new PodCluster('conformance').start();
  cluster.images['cluster/debian:1'] = {};
  engines = [new JobController(cluster.objects, cluster.notes), new DeploymentController(cluster.objects, cluster.notes)];
  await Promise.all(engines.map((engine) => engine.start()));
  await Promise.all(done<Done[]>('workloads').map(async (one) => void played.set(`${one.kind} ${one.metadata.name}`, await play(one))));
});

afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.stop()));
  await cluster.close();
});

/** The object of a document. What takes long on a cluster, where the start of a Pod does, takes a tenth of it. */
function objectOf({ kind, metadata, spec }: Done): KubeObject {
  const quick = JSON.parse(JSON.stringify(spec).replace(/sleep (\d\d)\b/g, (_, seconds: string) => `sleep ${Number(seconds) / 10}`)
    .replace(/"(activeDeadlineSeconds|progressDeadlineSeconds|ttlSecondsAfterFinished)":\d+/g, '"$1":2')) as { template: { metadata?: { labels?: object } } };
  const labels = { ...quick.template.metadata?.labels, behaviour: `${kind}-${metadata.name}` };
  return {
    apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1', kind, metadata: { ...metadata }, spec: { ...quick, template: { ...quick.template, metadata: { labels } } },
  };
}

async function play(one: Done): Promise<Traced> {
  const { kind, metadata: { name }, act } = one;
  const ref = { kind, namespace: 'default', name };
  const pods = () => cluster.objects.list('Pod', { labels: { behaviour: `${kind}-${name}` } }) as Pod[];
  const left = () => [cluster.objects.get(ref), ...pods()].filter(Boolean).length;
  cluster.objects.create(objectOf(one));
  const ran = await until(`a Pod of ${name}`, () => pods().find(({ status }) => !['Pending', undefined].includes(status?.phase)));
  if (act === 'evict') evicted(cluster.objects, addressOf(`/api/v1/namespaces/default/pods/${ran.metadata.name}/eviction`));
  if (act === 'remove-pod') cluster.objects.remove({ kind: 'Pod', namespace: 'default', name: ran.metadata.name });
  if (act === 'delete') {
    cluster.objects.remove(ref);
    await until(`Pods of ${name} to go`, () => pods().length === 0);
    return { kind, name, left: left() };
  }
  const isOver = ({ type, status, reason }: Condition) => (kind === 'Job' ? /^(Complete|Failed)$/.test(type) && status === 'True'
    : type === 'Progressing' && /^(NewReplicaSetAvailable|ProgressDeadlineExceeded)$/.test(reason ?? ''));
  const ended = await until(`${name} to end`, () => {
    const { status } = cluster.objects.get(ref)!;
    return status?.conditions?.some(isOver) === true && status;
  }, () => JSON.stringify(cluster.objects.get(ref)?.status));
  await delay(500);
  const result = { kind, name, ...traced((kind === 'Job' ? cluster.objects.get(ref)?.status : undefined) ?? ended, name), pods: pods().filter(() => kind === 'Job').map(podOf).sort() };
  if (act !== 'watch-end') return result;
  await until(`${name} to pass`, () => left() === 0);
  return { ...result, pods: undefined, left: 0 };
}

/** As the record has it: without names that are given by chance, and without counts of nothing. */
function traced({ conditions, ...status }: { conditions: readonly Condition[]; [count: string]: unknown }, name: string): Pick<Traced, 'conditions' | 'counts'> {
  const stable = (text?: string) => text?.replace(new RegExp(`${name}-[a-z0-9]+(-[a-z0-9]{5})?`, 'g'), `${name}-…`).replace(/(?<=for pod )[^/]+/, 'NS');
  return {
    conditions: conditions.map(({ type, status: holds, reason, message }) => ({ type, status: holds, reason, message: stable(message) }))
      .sort((a, b) => (a.type < b.type ? -1 : 1)),
    counts: counted(status),
  };
}

function counted(counts: object): Record<string, number> {
  const names = /^(active|ready|succeeded|failed|replicas|(updated|ready|available|unavailable)Replicas)$/;
  return Object.fromEntries(Object.entries(counts).filter(([key, value]) => names.test(key) && value !== 0));
}

function podOf({ status }: Pod): string {
  const { phase, reason, containerStatuses = [] } = status!;
  const { state, lastState } = containerStatuses[0] ?? {};
  const ended = state?.terminated ?? lastState?.terminated;
  return [phase, reason, state?.waiting?.reason, ended && `${ended.reason} ${ended.exitCode}`, ended?.message?.trim()].filter(Boolean).join(', ');
}

test.each(workloads.map((workload) => [`${workload.kind} ${workload.name}`, workload] as const))('the %s becomes what it becomes on a cluster', (name, workload) => {
  const { counts, ...wanted } = expected(name, workload, DIFFERENCES) as Traced;
  expect(played.get(name)).toEqual({ ...wanted, ...(counts && { counts: counted(counts) }) });
});

test('the record has all workloads', () => {
  expect(workloads.map(({ name }) => name)).toEqual(done<Done[]>('workloads').map(({ metadata }) => metadata.name));
});
