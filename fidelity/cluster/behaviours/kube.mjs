// What the recorders of this folder share: the cluster (through KUBE, a `kubectl proxy`), waiting, and writing small.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { load } from 'js-yaml';

export const NAMESPACE = process.env.NAMESPACE;
const all = (group, ...kinds) => Object.fromEntries(kinds.map((kind) => [kind, [group, `${kind.toLowerCase()}s`]]));
const GROUPS = {
  ...all('api/v1', 'ConfigMap', 'Pod', 'Secret', 'Service', 'ServiceAccount'),
  ...all('apis/batch/v1', 'Job'),
  ...all('apis/apps/v1', 'Deployment', 'StatefulSet'),
  ...all('apis/rbac.authorization.k8s.io/v1', 'Role', 'RoleBinding'),
  ...all('apis/argoproj.io/v1alpha1', 'Workflow', 'WorkflowTaskResult', 'WorkflowTemplate', 'CronWorkflow', 'EventSource', 'Sensor'),
  EventBus: ['apis/argoproj.io/v1alpha1', 'eventbus'],
};

/** One request of the API server: its status, and its body read as JSON where it is. `server` is another way to it than the owner's. */
export async function ask(method, path, body, headers = {}, server = process.env.KUBE) {
  const content = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(`${server}${path}`, { method, headers: { 'content-type': 'application/json', ...headers }, body: content });
  const text = await answer.text();
  let read = text;
  try {
    read = JSON.parse(text);
  } catch {
    // A log, or an answer that is none of the API's.
  }
  return { status: answer.status, body: read };
}

async function told(method, path, body, headers) {
  const { status, body: answer } = await ask(method, path, body, headers);
  if (status >= 400) throw new Error(`${method} ${path}: ${answer.message ?? answer}`);
  return answer;
}

export function pathOf(kind, name) {
  const [group, plural] = GROUPS[kind];
  return `/${group}/namespaces/${NAMESPACE}/${plural}${name === undefined ? '' : `/${name}`}`;
}

/** An object, or undefined where there is none. */
export async function get(kind, name) {
  const { status, body } = await ask('GET', pathOf(kind, name));
  return status === 200 ? body : undefined;
}

export async function list(kind, labels = '') {
  return (await told('GET', `${pathOf(kind)}?labelSelector=${encodeURIComponent(labels)}`)).items;
}

export async function apply(...objects) {
  for (const object of objects) {
    const { kind, metadata: { name } } = object;
    await told('PATCH', `${pathOf(kind, name)}?fieldManager=behaviours&force=true`, object, { 'content-type': 'application/apply-patch+yaml' });
  }
}

export const patch = (kind, name, change) => told('PATCH', pathOf(kind, name), change, { 'content-type': 'application/merge-patch+json' });
export const remove = (kind, name, options = {}) => told('DELETE', pathOf(kind, name), options);
/** As a node that is drained asks for it. */
export const evict = (name) => told('POST', `${pathOf('Pod', name)}/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: NAMESPACE } });
export const logOf = async (pod, query = '') => (await told('GET', `${pathOf('Pod', pod)}/log?${query}`)).toString();

/** What a YAML file beside this one says. */
export function document(name) {
  return load(readFileSync(new URL(name, import.meta.url), 'utf8'));
}

/** Waits for what the function finds, under whatever load. */
export async function until(what, find, seconds = 600) {
  for (const end = Date.now() + seconds * 1000; ;) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await delay(300);
  }
}

/** The function of each item, so many at a time; results in the order of the items. */
export async function atATime(count, items, make) {
  const results = [];
  const queue = items.entries();
  await Promise.all(Array.from({ length: count }, async () => {
    for (const [index, item] of queue) results[index] = await make(item);
  }));
  return results;
}

export const say = (text) => process.stderr.write(`  ${text}\n`);

/** Long texts by their length and hash. */
export function short(text) {
  return text.length <= 2000 ? text : `${text.length} characters, sha256 ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

/** JSON with a line for each item of its lists. */
export function written(trace) {
  const lines = Object.entries(trace).map(([key, value]) => (Array.isArray(value)
    ? `${JSON.stringify(key)}:[\n${value.map((item) => JSON.stringify(item)).join(',\n')}\n]` : `${JSON.stringify(key)}:${JSON.stringify(value)}`));
  return `{${lines.join(',\n')}}\n`;
}

/** What restricted Pod Security asks of a container, and of a Pod. */
export const CONTAINER = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
export const POD = { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } };

/** A ServiceAccount that may do so much. */
export function account(name, rules) {
  const metadata = { name };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name }],
    },
  ];
}

const own = (name) => ({ name, securityContext: CONTAINER });
/** The same for the containers that Argo adds to a Pod: a patch of a Workflow's Pods. */
export const ARGOS_OWN = JSON.stringify({ initContainers: [own('init')], containers: [own('wait')] });
