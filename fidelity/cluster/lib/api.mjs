// Objects of the cluster, read through one `kubectl proxy`: scripts ask several times a second, and a kubectl for each question would be most of
// what the machine does.
import { spawn } from 'node:child_process';
import { onEnd } from './lifetime.mjs';

const core = 'api/v1';
const apps = 'apis/apps/v1';
const argo = 'apis/argoproj.io/v1alpha1';
/** By what kubectl calls them: group, plural, kind. */
const KINDS = Object.fromEntries([
  [core, 'pods', 'Pod'], [core, 'services', 'Service'], [core, 'configmaps', 'ConfigMap'], [core, 'secrets', 'Secret'],
  [core, 'persistentvolumeclaims', 'PersistentVolumeClaim', 'pvc'], [core, 'persistentvolumes', 'PersistentVolume', 'pv'],
  [apps, 'deployments', 'Deployment'], [apps, 'statefulsets', 'StatefulSet'], ['apis/batch/v1', 'jobs', 'Job'],
  [argo, 'workflows', 'Workflow'], [argo, 'sensors', 'Sensor'],
].flatMap(([group, plural, kind, short]) => [plural, kind.toLowerCase(), short].filter(Boolean).map((name) => [name, { group, plural, kind }])));
const CLUSTER_WIDE = new Set(['persistentvolumes']);

let address;

/** Starts once, on a port that is free; ends with the script. */
function proxy() {
  address ??= new Promise((resolve, reject) => {
    const child = spawn('kubectl', ['proxy', '--port=0'], { stdio: ['ignore', 'pipe', 'ignore'] });
    onEnd(() => child.kill());
    child.stdout.setEncoding('utf8').on('data', (text) => {
      const [, found] = /serve on (\S+)/.exec(text) ?? [];
      if (found !== undefined) resolve(`http://${found}`);
    });
    child.on('exit', () => reject(new Error('kubectl proxy ended')));
  });
  return address;
}

async function ask(path) {
  const response = await fetch(`${await proxy()}/${path}`, { signal: AbortSignal.timeout(30_000) });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** An object, or undefined; without a name a list of all, the kind of each in it. */
async function get({ group, plural, kind }, { namespace, name, selector }) {
  const scope = CLUSTER_WIDE.has(plural) ? '' : `/namespaces/${namespace}`;
  const query = selector === undefined ? '' : `?labelSelector=${encodeURIComponent(selector)}`;
  const found = await ask(`${group}${scope}/${plural}${name === undefined ? '' : `/${name}`}${query}`);
  return name === undefined ? { items: (found?.items ?? []).map((item) => ({ kind, ...item })) } : found;
}

/** What `kubectl [-n NAMESPACE] get KIND[,KIND…] [NAME] [-l SELECTOR]` would print; undefined when it asks for something else. */
export function asked(args) {
  const rest = [...args];
  const option = (name) => {
    const index = rest.indexOf(name);
    return index === -1 ? undefined : rest.splice(index, 2)[1];
  };
  const where = { namespace: option('-n'), selector: option('-l') };
  const [verb, kinds = '', name, ...more] = rest;
  const known = kinds.split(',').map((kind) => KINDS[kind]);
  const isPlain = verb === 'get' && more.length === 0 && !known.includes(undefined);
  if (!isPlain || (where.namespace === undefined && !known.every(({ plural }) => CLUSTER_WIDE.has(plural)))) return undefined;
  if (name !== undefined) return known.length === 1 ? get(known[0], { ...where, name }) : undefined;
  return Promise.all(known.map((kind) => get(kind, where))).then((lists) => ({ items: lists.flatMap(({ items }) => items) }));
}
