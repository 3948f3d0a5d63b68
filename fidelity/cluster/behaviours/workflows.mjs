// Runs the Workflows of workflows.yaml, does to each what its annotation says, and prints how the controller tells of them.
import { setTimeout as delay } from 'node:timers/promises';
import {
  account, apply, ARGOS_OWN, atATime, CONTAINER, document, get, list, NAMESPACE, patch, POD, remove, say, short, until, written,
} from './kube.mjs';

const shown = (value) => (value === undefined ? null : short(value));
const values = (parameters) => parameters && Object.fromEntries(parameters.map(({ name, value }) => [name, shown(value)]));

/** The object that is applied for a document. */
function workflow({ metadata, spec }) {
  const templates = spec.templates?.map((template) => (template.container === undefined ? template : {
    ...template,
    container: { ...template.container, securityContext: CONTAINER, volumeMounts: [{ name: 'out', mountPath: '/myelin/out' }] },
    volumes: [{ name: 'out', emptyDir: {} }],
  }));
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { namespace: NAMESPACE, ...metadata },
    spec: { ...spec, ...(templates && { templates }), serviceAccountName: 'workflow', securityContext: POD, podSpecPatch: ARGOS_OWN },
  };
}

/** What is done to a Workflow while a Pod of it runs. */
const ACTS = {
  'remove-pod': async (name, pod) => {
    await until(`a result of ${name}`, async () => (await list('WorkflowTaskResult', `workflows.argoproj.io/workflow=${name}`)).length > 0);
    await delay(12_000);
    await remove('Pod', pod, { gracePeriodSeconds: 0 });
  },
  'stop': (name) => patch('Workflow', name, { spec: { shutdown: 'Stop' } }),
  'terminate': (name) => patch('Workflow', name, { spec: { shutdown: 'Terminate' } }),
  'delete': (name) => remove('Workflow', name),
};
const podsOf = (name) => list('Pod', `workflows.argoproj.io/workflow=${name}`);

/** The Pod of a step that runs, once the controller has seen it run. */
async function running(name, node) {
  const { status } = await get('Workflow', name);
  if (!Object.values(status?.nodes ?? {}).some(({ type, phase }) => type === 'Pod' && phase === 'Running')) return undefined;
  const pod = (await podsOf(name)).find(({ metadata: { annotations }, status: { containerStatuses = [] } }) =>
    annotations['workflows.argoproj.io/node-name'].startsWith(`${name}.${node}`)
    && containerStatuses.find((each) => each.name === 'main')?.state.running);
  return pod?.metadata.name;
}

async function observe(one) {
  const { name, annotations } = one.metadata;
  await apply(workflow(one));
  const [act, node] = (annotations?.act ?? '').split(' ');
  if (ACTS[act]) await ACTS[act](name, await until(`${name} to run ${node}`, () => running(name, node)));
  if (act === 'delete') {
    await until(`pods of ${name} to go`, async () => (await podsOf(name)).length === 0);
    return { name, left: await left(name, 5000) };
  }
  const ended = await until(`${name} to end`, async () => {
    const live = await get('Workflow', name);
    const all = Object.values(live?.status?.nodes ?? {});
    if (act === 'watch-stand' && all.length > 1 && all.every(({ phase, type }) => type === 'DAG' || !['Pending', 'Running'].includes(phase))) {
      // Six looks of the controller: it has no more to do, and does not end.
      await delay(60_000);
      return get('Workflow', name);
    }
    return ['Succeeded', 'Failed', 'Error'].includes(live?.status?.phase) ? live : undefined;
  });
  say(`${name}: ${ended.status.phase} ${ended.status.message ?? ''}`);
  const result = traced(ended, await podsOf(name));
  // Long enough for what is due to go, and for what is not due to have gone by mistake.
  return act === 'watch-end' ? { ...result, left: await left(name, 40_000) } : result;
}

async function left(name, milliseconds) {
  await delay(milliseconds);
  return { workflow: await get('Workflow', name) !== undefined, pods: (await podsOf(name)).length };
}

/** What the controller decided; no time, nothing of the machine. */
function traced({ metadata, status }, pods) {
  const nameOf = (id) => status.nodes[id]?.name ?? id;
  const podNames = new Map(pods.map((pod) => [pod.metadata.annotations['workflows.argoproj.io/node-name'], pod.metadata.name]));
  const nodes = Object.values(status.nodes ?? {}).sort((a, b) => (a.name < b.name ? -1 : 1)).map((node) => ({
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
    pod: node.type === 'Pod' ? podNames.get(node.name) : undefined,
  }));
  const { phase, message, progress, conditions = [] } = status;
  return {
    name: metadata.name,
    labels: metadata.labels,
    phase,
    message,
    progress,
    conditions: conditions.filter(({ type }) => type !== 'PodRunning')
      .map(({ type, status: holds, message: text }) => [type, holds, text].filter(Boolean).join(' ')),
    nodes,
  };
}

const only = process.argv.slice(2);
await apply(...account('workflow', [{ apiGroups: ['argoproj.io'], resources: ['workflowtaskresults'], verbs: ['create', 'patch'] }]));
const chosen = document('workflows.yaml').filter(({ metadata }) => only.length === 0 || only.includes(metadata.name));
process.stdout.write(written({ workflows: await atATime(5, chosen, observe) }).replaceAll(NAMESPACE, 'NS'));
