// The probe's loop in a namespace of its own, made by what synth writes, unchanged.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { subscribed } from './bus.mjs';
import { kube, kubectl, say, until } from './kubectl.mjs';
import { onEnd } from './lifetime.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Another build of the command, for an older runtime image. */
const MYELIN = process.env.MYELIN ?? join(root, 'cli/bin/myelin.js');
const READY = 600;
const ready = (status) => status?.replicas > 0 && status.readyReplicas === status.replicas && status.updatedReplicas === status.replicas;

/** The Workflow of a call to a REST trigger. */
export const runName = (axon, sensor, id) => `${axon}-${sensor}-${createHash('sha256').update(id).digest('hex').slice(0, 10)}`;

export class Loop {
  constructor(namespace, axon) {
    Object.assign(this, { namespace, axon });
  }

  kube(...args) {
    return kube(['-n', this.namespace, ...args]);
  }

  kubectl(...args) {
    return kubectl(['-n', this.namespace, ...args]);
  }

  async items(...args) {
    return (await this.kube('get', ...args))?.items ?? [];
  }

  /** The document in a ConfigMap of the axon: `ledger` or `releases`. */
  async document(name) {
    const text = (await this.kube('get', 'configmap', `${this.axon}-${name}`))?.data[`${name}.json`];
    return text === undefined ? undefined : JSON.parse(text);
  }

  async releases() {
    return (await this.document('releases'))?.releases ?? [];
  }

  pods(selector) {
    return this.items('pods', '-l', selector);
  }

  /** Where the store's files lie on this machine. */
  async store() {
    const [claim] = await this.items('pvc', '-l', 'myelin.io/component=store');
    const volume = await kube(['get', 'pv', claim.spec.volumeName]);
    return join((volume.spec.hostPath ?? volume.spec.local).path, this.axon);
  }

  /** Waits for something of the loop; says where it stands when it does not come. */
  until(what, seconds, probe, every = 1) {
    return until(what, seconds, probe, { every, stand: () => this.stand() });
  }

  async stand() {
    say(`where ${this.namespace} stands:`);
    console.log(await this.kubectl('get', 'workflows,jobs,pods'));
    for (const { metadata, status } of await this.items('workflows')) {
      if (status?.phase === 'Succeeded') continue;
      const open = Object.values(status?.nodes ?? {}).filter(({ type, phase }) => type === 'Pod' && phase !== 'Succeeded');
      for (const { displayName, phase, message } of open) say(`${metadata.name} ${displayName}: ${phase} ${message ?? ''}`);
    }
    const ledger = await this.document('ledger');
    for (const [sensor, { sets }] of Object.entries(ledger?.sensors ?? {})) {
      for (const { decision, run, reasons } of sets.slice(-3)) {
        say(`${sensor}: ${decision} ${run} ${reasons?.map(({ code }) => code).join(' ') ?? ''}`);
      }
    }
    for (const { version, state, why } of await this.releases()) say(`version ${version}: ${state}, ${why}`);
  }

  /** A Deployment or StatefulSet whose pods are all ready, those of its last change. */
  async rolledOut(kind, ...which) {
    const found = await this.items(kind, ...which);
    return found.length > 0 && found.every(({ metadata, status }) => status?.observedGeneration === metadata.generation && ready(status));
  }

  /** Waits until the event path carries: what is posted before a Sensor's first subscription is lost. */
  async carries() {
    await this.until('EventBus', READY, () => this.rolledOut('statefulset', '-l', 'controller=eventbus-controller'));
    await this.until('EventSource', READY, () => this.rolledOut('deployment', '-l', 'controller=eventsource-controller'));
    await this.until('Sensor', READY, () => this.rolledOut('deployment', '-l', 'controller=sensor-controller'));
    await this.until('subscriptions of the Sensor', READY, () => subscribed(this));
  }
}

/** The users of the bus first: with any left its controller keeps the EventBus, and the namespace with it, for many minutes. */
function remove(namespace) {
  spawnSync('kubectl', ['-n', namespace, 'delete', 'sensors,eventsources', '--all'], { stdio: 'ignore', timeout: 60_000 });
  spawnSync('kubectl', ['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false'], { stdio: 'ignore' });
}

/** Makes a namespace whose name begins so, and the loop in it; both go when the script ends, unless KEEP=1. */
export async function makeLoop(prefix, { axon = 'probe', file = join(root, 'fidelity/cluster/probe/axon.yaml') } = {}) {
  // A name of its own each time: one that was used before may still be going away.
  const namespace = `${prefix}-${randomBytes(2).toString('hex')}`;
  const image = join(root, 'fidelity/cluster', axon, 'image.sh');
  if (existsSync(image)) execFileSync(image, { stdio: ['ignore', 'ignore', 'pipe'] });
  const dist = mkdtempSync(join(tmpdir(), `${namespace}-`));
  onEnd(() => rmSync(dist, { recursive: true, force: true }));
  const synth = ['synth', file, '-n', namespace, '--images', 'external', '-o', dist];
  execFileSync('node', [MYELIN, ...synth], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (process.env.KEEP !== '1') onEnd(() => remove(namespace));
  await kubectl(['create', 'namespace', namespace]);
  await kubectl(['label', 'namespace', namespace, 'pod-security.kubernetes.io/enforce=restricted']);
  for (const name of ['platform', axon]) {
    await kubectl(['-n', namespace, 'apply', '--server-side', '-f', '-'], { input: readFileSync(join(dist, `${name}.yaml`)) });
  }
  const loop = new Loop(namespace, axon);
  await loop.carries();
  say(`${axon} stands in ${namespace}`);
  return loop;
}
