// Closes the loop of this folder's axon and does to it what makes each program use every right that it has; then reads the audit log.
// node play.mjs AUDIT_LOG RIGHTS
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Events } from '../lib/events.mjs';
import { kube, say } from '../lib/kubectl.mjs';
import { makeLoop, runName } from '../lib/loop.mjs';
import { review } from './reviews.mjs';

const MINUTES = 60;
const [log, rights] = process.argv.slice(2);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const loop = await makeLoop('myelin-rights', { axon: 'rights', file: here('axon.yaml') });
const events = await Events.of(loop);

const workflow = (name) => loop.kube('get', 'workflow', name);
const over = ({ status } = {}) => ['Succeeded', 'Failed', 'Error'].includes(status?.phase);
const runs = (sensor) => loop.items('workflows', '-l', `myelin.io/sensor=${sensor}`);
const names = async (sensor) => new Set((await runs(sensor)).map(({ metadata }) => metadata.name));
const live = async () => (await loop.releases()).filter(({ state }) => state === 'live').map(({ version }) => version);
const stepPods = async (run, step) => (await loop.pods(`workflows.argoproj.io/workflow=${run}`))
  .filter(({ metadata }) => metadata.annotations['workflows.argoproj.io/node-name'].includes(`.${step}`))
  .filter(({ status }) => status.phase === 'Running');

/** Ends the pod of a step at once, as the loss of its node would. */
async function kill(run, step) {
  const pod = await loop.until(`pod of ${step} in ${run}`, 10 * MINUTES, async () => (await stepPods(run, step))[0], 0.3);
  await loop.kubectl('delete', 'pod', pod.metadata.name, '--force', '--grace-period=0');
}

async function refresh(id, mode = 'good') {
  const status = await events.call('refresh', { id, mode });
  if (status !== 200) throw new Error(`the call ${id} was answered ${status}`);
  return runName('rights', 'refresh', id);
}

/** Waits for the end of a run, and tells it. */
async function ended(run) {
  const { status } = await loop.until(`end of ${run}`, 15 * MINUTES, async () => ((found) => over(found) && found)(await workflow(run)));
  say(`${run}: ${status.phase}`);
}

/** Waits until another version is live than before. */
async function another(before) {
  const version = await loop.until('another version', 15 * MINUTES, async () => (await live()).find((each) => !before.includes(each)));
  say(`version ${version} is live`);
}

const drop = (kind, name) => loop.kubectl('delete', kind, name, '--ignore-not-found', '--wait=false');

/** Whether Prometheus says that the alert fires, which the gate asks, too. */
async function fires() {
  const { spec } = await kube(['-n', 'monitoring', 'get', 'service', 'prometheus']);
  const { data } = await (await fetch(`http://${spec.clusterIP}:9090/api/v1/alerts`)).json();
  return data.alerts.some(({ state, labels }) => state === 'firing' && labels.alertname === 'rights-decayed' && labels.namespace === loop.namespace);
}

// The first training is that of an alert. It is posted from here: Alertmanager tells the same alert of a loop that was there minutes ago only once.
// The sweep looks whether the training has ended.
await loop.until('alert in Prometheus', 10 * MINUTES, fires, 2);
const startsAt = new Date().toISOString();
const labels = { alertname: 'rights-decayed', axon: 'rights', namespace: loop.namespace };
const alert = { status: 'firing', labels, annotations: {}, startsAt, fingerprint: '0123456789abcdef' };
await events.alert('decayed', 'decayed', { status: 'firing', alerts: [alert] });
const first = (await loop.until('run of the alert', 10 * MINUTES, async () => (await runs('decayed'))[0])).metadata.name;
await loop.until('retrain in the ledger', 10 * MINUTES, async () => (await loop.document('ledger'))?.models.decayed?.running);
await events.sweep();
// Tune is lost, and with it a Job that had ended: the trial is begun anew.
await loop.until('trial', 10 * MINUTES, async () => (await loop.items('jobs', '-l', 'myelin.io/component=trial')).length > 0, 0.3);
await kill(first, 'task-train');
const done = await loop.until('Job that ends without a tune', 5 * MINUTES, async () => {
  const jobs = await loop.items('jobs', '-l', 'myelin.io/component=trial');
  return jobs.every(({ status }) => status?.conditions !== undefined) && jobs.find(({ status }) => status.succeeded > 0);
}, 0.3);
await drop('job', done.metadata.name);
await another([]);

say('a call twice, and one that fails');
const versions = await live();
const [twice, failed] = [await refresh('twice'), await refresh('fail', 'fail')];
await loop.until(`run ${twice}`, 5 * MINUTES, () => workflow(twice));
await refresh('twice');
await Promise.all([ended(twice), ended(failed)]);
const told = await loop.until(`run that hears of ${failed}`, 15 * MINUTES, async () => (await runs('failed'))[0]);
await ended(told.metadata.name);
await another(versions);

say('a version whose server cannot start, and whose document changes while it is waited for');
const known = (await loop.releases()).length;
await refresh('broken', 'broken');
await loop.until('third release', 15 * MINUTES, async () => (await loop.releases()).length > known);
const [{ version }] = await loop.releases();
await loop.until('its Deployment', 5 * MINUTES, async () => (await loop.items('deployments', '-l', `myelin.io/version=${version}`)).length > 0, 0.3);
const document = JSON.parse((await loop.kube('get', 'configmap', 'rights-model-model')).data['model.json']);
const changed = JSON.stringify({ ...document, labels: { ...document.labels, changed: 'yes' } });
await loop.kubectl('patch', 'configmap', 'rights-model-model', '--type=merge', '-p', JSON.stringify({ data: { 'model.json': changed } }));
const deploying = (await runs('trained')).find((run) => !over(run)).metadata.name;
await kill(deploying, 'deploy-model');
await ended(deploying);

say('a set whose run is lost, started by the sweep');
const before = await live();
const old = await names('trained');
await refresh('lost');
const lost = await loop.until('run to lose', 15 * MINUTES, async () => (await runs('trained')).find(({ metadata }) => !old.has(metadata.name)), 0.2);
await drop('workflow', lost.metadata.name);
await loop.until('run of the sweep', 10 * MINUTES, async () => {
  await events.sweep();
  return (await runs('trained')).some(({ metadata }) => metadata.name !== lost.metadata.name && !old.has(metadata.name));
}, 15);
await another(before);

say('a ledger that is lost, again and again: before a task tells its end, before a search does, before a deployment, before a sweep');
const [last, deployments, notes] = [await live(), await names('trained'), await names('prepared')];
const forgotten = await refresh('forgotten', 'slow');
const nodes = async () => Object.values((await workflow(forgotten))?.status?.nodes ?? {});
const ran = async (step) => (await nodes()).some(({ displayName, phase }) => displayName === step && phase !== 'Pending');
await loop.until('its preparation', 10 * MINUTES, () => ran('task-prepare'), 0.3);
await drop('configmap', 'rights-ledger');
// Who heard of the preparation writes the ledger, too; then nobody does before the search has ended.
await loop.until('end of who heard of it', 10 * MINUTES, async () => (await runs('prepared')).some((run) => !notes.has(run.metadata.name) && over(run)));
await loop.until('its deployment', 15 * MINUTES, async () => {
  await drop('configmap', 'rights-ledger');
  return (await runs('trained')).some(({ metadata }) => !deployments.has(metadata.name));
}, 0.5);
await another(last);
await drop('configmap', 'rights-ledger');
await events.sweep();
await loop.until('ledger of the sweep', 5 * MINUTES, () => loop.document('ledger'));
say('played');

writeFileSync(rights, execFileSync('node', [here('../rights.mjs'), log, loop.namespace]));
process.exit(await review(loop.namespace, rights) === 0 ? 0 : 1);
