// Alerts as they are made and told on the cluster: false answers to a version's clients, Prometheus, Alertmanager.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kube, sleep, until } from './kubectl.mjs';
import { deletePod } from './kill.mjs';
import { onEnd } from './lifetime.mjs';

const MONITORING = 'monitoring';
const ALERTMANAGER = 'app.kubernetes.io/name=alertmanager';
const PROMETHEUS = 'app.kubernetes.io/name=prometheus';
/** Of one burst of answers: more than the probe's rule asks for, over several scrapes. */
const SAMPLES = 60;
const BURST = 60;

async function podOf(selector) {
  const { items } = await kube(['-n', MONITORING, 'get', 'pods', '-l', selector]);
  const [pod] = items.filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && status.podIP !== undefined);
  if (pod === undefined) throw new Error(`no pod ${selector}`);
  return pod;
}

async function get(selector, port, path) {
  const { status } = await podOf(selector);
  const response = await fetch(`http://${status.podIP}:${port}${path}`, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

export class Alerts {
  constructor(loop, sensor = 'decayed') {
    Object.assign(this, { loop, sensor, name: `${loop.axon}-${sensor}` });
  }

  /** Labels of the alert of a version, as Prometheus sends them. */
  labels(version, model = 'model') {
    const { namespace, axon } = this.loop;
    return { alertname: this.name, axon, model, namespace, sensor: this.sensor, version };
  }

  /** A message as Alertmanager posts it. */
  message(labels, startsAt, status = 'firing') {
    const { alertname, axon, model, namespace, version } = labels;
    const fingerprint = createHash('sha256').update(JSON.stringify(labels)).digest('hex').slice(0, 16);
    const times = { startsAt: startsAt.toISOString(), endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : new Date().toISOString() };
    const annotations = { summary: `sensor ${this.sensor} of axon ${axon}` };
    const groupLabels = { alertname, axon, model, namespace, version };
    return {
      receiver: `${namespace}/${axon}/${this.name}`,
      status,
      alerts: [{ status, labels, annotations, ...times, generatorURL: 'http://prometheus/graph', fingerprint }],
      groupLabels,
      commonLabels: labels,
      commonAnnotations: annotations,
      externalURL: 'http://alertmanager',
      version: '4',
      groupKey: JSON.stringify(groupLabels),
      truncatedAlerts: 0,
    };
  }

  /** Whether Prometheus has the rule and scrapes, and Alertmanager has the receiver: what the loop needs before an alert can come back. */
  async wired() {
    const { namespace, axon } = this.loop;
    const { data: { groups } } = await get(PROMETHEUS, 9090, '/api/v1/rules');
    const { data: { activeTargets } } = await get(PROMETHEUS, 9090, '/api/v1/targets?state=active');
    const { config } = await get(ALERTMANAGER, 9093, '/api/v2/status');
    return groups.some(({ rules }) => rules.some(({ name, query }) => name === this.name && query.includes(`namespace="${namespace}"`)))
      && activeTargets.some(({ labels, health }) => labels.namespace === namespace && labels.container === 'serve' && health === 'up')
      && config.original.includes(`${namespace}/${axon}/${this.name}`);
  }

  /** Versions whose alert Prometheus says fires. */
  async firing() {
    const { data } = await get(PROMETHEUS, 9090, '/api/v1/alerts');
    const isOurs = ({ alertname, namespace }) => alertname === this.name && namespace === this.loop.namespace;
    const ours = data.alerts.filter(({ state, labels }) => state === 'firing' && isOurs(labels));
    return ours.map(({ labels }) => labels.version);
  }

  /** Tells a version that it was always wrong, for as long as it takes until its alert fires. */
  async decay(version, seconds = 600) {
    const [service] = await this.loop.items('services', '-l', `myelin.io/version=${version}`);
    const url = `http://${service.spec.clusterIP}:${service.spec.ports[0].port}`;
    const post = async (path, body) => {
      const response = await fetch(`${url}/${path}`, {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.timeout(10_000),
      });
      if (!response.ok) throw new Error(`${path} of ${version}: ${response.status} ${await response.text()}`);
      return response.json();
    };
    for (const start = Date.now(); Date.now() - start < seconds * 1000;) {
      for (let sample = 0; sample < SAMPLES; sample++) {
        const { data, meta } = await post('predict', { data: { ndarray: [[(sample + 0.5) / SAMPLES]] } });
        await post('send-feedback', { id: meta.id, truth: { data: { ndarray: [[1 - data.ndarray[0][0]]] } } });
        await sleep(BURST / SAMPLES / 2);
        if (sample % 5 === 0 && (await this.firing()).includes(version)) return new Date();
      }
    }
    throw new Error(`no alert of ${version} within ${seconds} s`);
  }

  /** Waits for the version that is live after one. A retraining that was put off is started by the sweep, which is asked for once a minute then. */
  async replaced(version, events, seconds) {
    const next = async () => {
      const [newest] = await this.loop.releases();
      return newest.state === 'live' && newest.version !== version ? newest.version : undefined;
    };
    const isDue = async () => {
      const { sensors } = await this.loop.document('ledger');
      return sensors[this.sensor]?.sets.some(({ decision, until: time }) => decision === 'deferred' && Date.parse(time) <= Date.now());
    };
    const swept = events.sweeping(60, next);
    return this.loop.until(`the version after ${version}`, seconds, async () => ((await isDue()) ? swept() : next()), 5);
  }

  /** Posts alerts to Alertmanager, as Prometheus does, which tries again while there is none. */
  tell(alerts) {
    return until('answer of Alertmanager', 120, async () => ((await this.post(alerts)), true));
  }

  async post(alerts) {
    const { status } = await podOf(ALERTMANAGER);
    const response = await fetch(`http://${status.podIP}:9093/api/v2/alerts`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(alerts), signal: AbortSignal.timeout(30_000),
    });
    if (!response.ok) throw new Error(`Alertmanager: ${response.status} ${await response.text()}`);
  }

  /** Ends Alertmanager without a warning, and all that it remembers. */
  async killAlertmanager() {
    const { metadata } = await podOf(ALERTMANAGER);
    await deletePod(MONITORING, metadata.name);
    return metadata.uid;
  }

  /** Whether another Alertmanager stands in the place of one that was killed. */
  async isBack(killed) {
    const { metadata, status } = await podOf(ALERTMANAGER);
    return metadata.uid !== killed && status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
  }
}

/** The file of the probe's axon with other numbers of its guard, a window short enough to wait for, and perhaps further conditions on deployments. */
export function guardedBy(guard, conditions = []) {
  const folder = mkdtempSync(join(tmpdir(), 'probe-'));
  onEnd(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'axon.yaml');
  const text = readFileSync(new URL('../probe/axon.yaml', import.meta.url), 'utf8');
  const further = conditions.map((condition) => `$&        - {${condition}}\n`).join('');
  const conditioned = conditions.length === 0 ? text : text.replace(/^ {8}- \{name: learned.*\n/m, further);
  writeFileSync(file, conditioned.replace(/guard: \{[^}]*\}/, `guard: {${guard}}`).replace(/window: \w+/, 'window: 2m'));
  return file;
}
