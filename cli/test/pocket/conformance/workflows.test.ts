import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { BehaviourWorkflow } from '../../../../fidelity/traces/trace.js';
import type { KubeObject } from '../../../src/pocket/objects/kube-object.js';
import { podName } from '../../../src/pocket/workflow/names.js';
import { ended, type Workflow } from '../../../src/pocket/workflow/types.js';
import { WorkflowController } from '../../../src/pocket/workflow/workflow-controller.js';
import { PodCluster, until } from '../pods/fixture.js';
import { done, expected, recorded, short, type Differences } from './behaviours.js';

jest.setTimeout(120_000);

interface Done {
  readonly metadata: { readonly name: string; readonly annotations?: { readonly act: string } };
  readonly spec: Record<string, unknown>;
}

/** The record with other fields of some of its nodes. */
const nodesWith = (changes: Readonly<Record<string, object>>, all: object = {}) => (record: BehaviourWorkflow): BehaviourWorkflow =>
  ({ ...record, ...all, nodes: record.nodes!.map((node) => ({ ...node, ...changes[node.name] })) });

const UNTOUCHED = 'has {{workflow.name}} and {{no.such.tag}} in it and {{workflow.namespace}}';

const DIFFERENCES: Differences = {
  'lost-with-retries': {
    here: nodesWith({ 'lost-with-retries.only(0)': { exitCode: undefined } }),
    why: 'of a Pod that is gone nobody knows how it would have ended; the record has what the container that waits had noted beforehand',
  },
  'nothing-written': {
    here: nodesWith({ 'nothing-written.without': { message: "output parameter 'image' was not written to /myelin/out/image: no such file" } }),
    why: 'there is no container that waits, and no other root that it looks at',
  },
  'tags-in-values': {
    here: nodesWith({
      'tags-in-values.write': { outputs: { text: UNTOUCHED } }, 'tags-in-values.read': { inputs: { text: UNTOUCHED }, outputs: { text: UNTOUCHED } },
    }),
    why: 'Argo reads values for tags again; what synth writes does not rely on that, and what comes from outside must not be read so',
  },
  'large': {
    here: nodesWith({
      'large': { phase: 'Failed' },
      'large.read': { phase: 'Failed', message: 'main: StartError (exit code 128): spawn E2BIG', exitCode: '128', outputs: { length: 'unread' } },
    }, { phase: 'Failed', labels: { 'workflows.argoproj.io/completed': 'true', 'workflows.argoproj.io/phase': 'Failed' } }),
    why: 'the Pod is what cannot be made there; here a program cannot be started with so long a value. Neither takes 200 kB from step to step',
  },
};

/** How many run at once: each step is a process. */
const AT_ONCE = 6;

const { workflows } = recorded<{ workflows: BehaviourWorkflow[] }>('workflows');
const played = new Map<string, BehaviourWorkflow>();
let cluster: PodCluster;
let engine: WorkflowController;

beforeAll(async () => {
  cluster = await new PodCluster('conformance').start();
  cluster.images['cluster/debian:1'] = {};
  engine = new WorkflowController({
    objects: cluster.objects,
    log: cluster.notes,
    sources: { checkout: async () => { throw new Error('no step has an artifact'); } },
    hostPath: (pod, path) => cluster.pods.hostPath(pod, path),
  });
  await engine.start();
  const left = done<Done[]>('workflows').values();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (const one of left) played.set(one.metadata.name, await play(one));
  }));
});

afterAll(async () => {
  await engine.stop();
  await cluster.close();
});

/** The object of a document, with a volume for its outputs. What takes long on a cluster, where the start of a Pod does, takes a tenth of it. */
function workflowOf({ metadata, spec }: Done): KubeObject {
  const quick = JSON.stringify(spec)
    .replace(/sleep (\d\d)\b/g, (_, seconds: string) => `sleep ${Number(seconds) / 10}`)
    .replace(/"activeDeadlineSeconds":4\d/g, '"activeDeadlineSeconds":2')
    .replace('duration) < 40', 'duration) < 2')
    .replace('"secondsAfterSuccess":8', '"secondsAfterSuccess":1')
    .replaceAll('"1s"', '"100ms"');
  const { templates, ...rest } = JSON.parse(quick) as { templates?: { container?: object }[] };
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata,
    spec: {
      ...rest,
      ...(templates && {
        templates: templates.map(({ container, ...template }) => (container === undefined ? template : {
          ...template, container: { ...container, volumeMounts: [{ name: 'out', mountPath: '/myelin/out' }] }, volumes: [{ name: 'out', emptyDir: {} }],
        })),
      }),
    },
  };
}

const refOf = (name: string, kind = 'Workflow') => ({ kind, namespace: 'default', name });
const get = (name: string) => cluster.objects.get(refOf(name)) as Workflow | undefined;
const podsOf = (name: string) => cluster.objects.list('Pod', { labels: { 'workflows.argoproj.io/workflow': name } });
const left = (name: string) => ({ workflow: get(name) !== undefined, pods: podsOf(name).length });

async function play(one: Done): Promise<BehaviourWorkflow> {
  const { name, annotations } = one.metadata;
  const [act, node] = (annotations?.act ?? '').split(' ');
  cluster.objects.create(workflowOf(one));
  if (node !== undefined) await interfere(name, act!, node);
  if (act === 'delete') {
    await until(`pods of ${name} to go`, () => podsOf(name).length === 0);
    return { name, left: left(name) };
  }
  const stands = () => Object.values(get(name)?.status?.nodes ?? {}).every(({ phase, type }) => type === 'DAG' || !['Pending', 'Running'].includes(phase));
  const workflow = await until(`${name} to end`, async () => {
    if (act === 'watch-stand' && Object.keys(get(name)?.status?.nodes ?? {}).length > 1 && stands()) {
      await delay(1000);
      return get(name);
    }
    const now = get(name);
    return now !== undefined && ended(now) && now;
  }, () => JSON.stringify(get(name)?.status?.nodes));
  const result = traced(workflow);
  if (act !== 'watch-end') return result;
  await delay(4000);
  return { ...result, left: left(name) };
}

/** Does to a Workflow what its annotation says, once the step runs. */
async function interfere(name: string, act: string, node: string): Promise<void> {
  const pod = await until(`${name} to run ${node}`, () => podsOf(name).find(({ metadata, status }) =>
    metadata.annotations!['workflows.argoproj.io/node-name']!.startsWith(`${name}.${node}`) && status?.phase === 'Running'
    && Object.values(get(name)?.status?.nodes ?? {}).some(({ type, phase }) => type === 'Pod' && phase === 'Running')));
  switch (act) {
    case 'remove-pod': return cluster.objects.remove(refOf(pod.metadata.name, 'Pod'));
    case 'delete': return cluster.objects.remove(refOf(name));
    default: cluster.objects.update(refOf(name), (object) => ({ ...object, spec: { ...object.spec, shutdown: act === 'stop' ? 'Stop' : 'Terminate' } }));
  }
}

function traced({ metadata, status }: Workflow): BehaviourWorkflow {
  const { nodes: all, phase, message, progress, conditions = [] } = status!;
  const nameOf = (id: string) => all[id]?.name ?? id;
  const values = (parameters?: readonly { name: string; value?: unknown }[]) =>
    parameters && Object.fromEntries(parameters.map(({ name, value }) => [name, value === undefined ? null : short(String(value))]));
  return JSON.parse(JSON.stringify({
    name: metadata.name,
    labels: metadata.labels,
    phase,
    message,
    progress,
    conditions: conditions.map(({ type, status: holds, message: text }) => [type, holds, text].filter(Boolean).join(' ')),
    nodes: Object.values(all).sort((a, b) => (a.name < b.name ? -1 : 1)).map((node) => ({
      id: node.id,
      name: node.name,
      displayName: node.displayName,
      type: node.type,
      templateName: node.templateName,
      boundary: node.boundaryID && nameOf(node.boundaryID),
      flag: node.nodeFlag,
      phase: node.phase,
      message: node.message,
      children: node.children?.map(nameOf).sort(),
      outbound: node.outboundNodes?.map(nameOf).sort(),
      inputs: values(node.inputs?.parameters),
      outputs: values(node.outputs?.parameters),
      exitCode: node.outputs?.exitCode,
      pod: node.type === 'Pod' ? podName(metadata.name, node.name, node.templateName) : undefined,
    })),
  })) as BehaviourWorkflow;
}

/** Nodes by name. Pods have names, whether or not they are still there; only of those that were is the name compared. */
function byName({ nodes = [], ...rest }: BehaviourWorkflow, there: readonly { readonly name: string; readonly pod?: unknown }[] = nodes): object {
  const named = new Set(there.filter(({ pod }) => pod !== undefined).map(({ name }) => name));
  return { ...rest, nodes: Object.fromEntries(nodes.map(({ pod, ...node }) => [node.name, named.has(node.name) ? { ...node, pod } : node])) };
}

test.each(workflows.map((workflow) => [workflow.name, workflow] as const))('the Workflow %s becomes what it becomes on a cluster', (name, workflow) => {
  const wanted = expected(name, workflow, DIFFERENCES) as BehaviourWorkflow;
  expect(byName(played.get(name)!, wanted.nodes)).toEqual(byName(wanted));
});

test('the record has all Workflows', () => {
  expect(workflows.map(({ name }) => name)).toEqual(done<Done[]>('workflows').map(({ metadata }) => metadata.name));
});
