// Sends the events of events.yaml to a bus, a source and a Sensor, and prints what the webhook answers and what the Sensor makes of them.
// Then what becomes of events while the Sensor is away, while it is edited, and while the bus is gone.
import { setTimeout as delay } from 'node:timers/promises';
import { account, apply, CONTAINER, document, get, list, logOf, patch, POD, say, until, written } from './kube.mjs';

const { objects, requests, rounds } = document('events.yaml');
const MADE = /^(early|run|both|either|alert|made|secret|named|quick|back)-/;

/** What restricted Pod Security asks for, in the places where the kinds have it. */
function secured(object) {
  const { kind, spec } = object;
  if (kind === 'EventBus') {
    const container = { securityContext: CONTAINER };
    const own = { securityContext: POD, containerTemplate: container, reloaderContainerTemplate: container, metricsContainerTemplate: container };
    return { ...object, spec: { jetstream: { ...spec.jetstream, ...own } } };
  }
  const template = { ...spec?.template, securityContext: POD, container: { securityContext: CONTAINER } };
  return kind === 'Secret' ? object : { ...object, spec: { ...spec, template } };
}

const ready = async (labels, count) => (await list('Pod', labels)).filter(({ status, metadata }) => metadata.deletionTimestamp === undefined
  && status.conditions?.some(({ type, status: holds }) => type === 'Ready' && holds === 'True')).length === count;

let address;
async function post(path, body, { method = 'POST', token, scheme = 'Bearer' } = {}) {
  const answer = await fetch(`${address}${path}`, {
    method, headers: { 'content-type': 'application/json', ...(token && { authorization: `${scheme} ${token}` }) }, ...(method !== 'GET' && { body }),
  });
  return { status: answer.status, text: await answer.text() };
}
const taken = (to, body) => post(`/${to}`, JSON.stringify(body), { token: 'secret' }).then(({ status }) => status === 200, () => false);
const send = (to, body) => until(`the source to take ${to}`, () => taken(to, body));

/** Objects that the Sensor has made, in the order in which it did. */
async function made() {
  const kinds = ['ConfigMap', 'Workflow', 'Secret'];
  const all = (await Promise.all(kinds.map(async (kind) => (await list(kind)).map((object) => ({ ...object, kind }))))).flat();
  const at = ({ metadata }) => Date.parse(metadata.creationTimestamp);
  const version = ({ metadata }) => Number(metadata.resourceVersion);
  return all.filter(({ metadata }) => MADE.test(metadata.name)).sort((a, b) => at(a) - at(b) || version(a) - version(b));
}

function traced({ kind, metadata: { name, labels = {} }, data, spec }) {
  const own = Object.entries(labels).filter(([key]) => !key.startsWith('workflows.'));
  const told = Object.fromEntries(own.map(([key, value]) => [key, key.endsWith('timestamp') ? 'TIME' : value]));
  const named = own.length > 0 ? { kind, name, labels: told } : { kind, name };
  return { ...named, data: kind === 'ConfigMap' ? data : undefined, parameters: spec?.arguments.parameters };
}
const byName = (a, b) => (a.name < b.name ? -1 : 1);

const stays = ({ metadata }) => metadata.deletionTimestamp === undefined;
const sensorPod = async () => (await list('Pod', 'sensor-name=sensor')).find(stays)?.metadata.name;
/** What the Sensor says of a trigger's failures: of each try, and of what a filter could not read. */
async function failures(trigger) {
  return (await logOf(await sensorPod())).split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
    .filter(({ triggerName, msg }) => triggerName === trigger && /^Failed to execute a trigger|discarded due to/.test(msg))
    .map(({ msg, error }) => (error ?? msg.replace(/^Event .*discarded/s, 'discarded')).replaceAll(process.env.NAMESPACE, 'NS'));
}

let probes = 0;
/** A subject for each trigger and dependency of it: triggers subscribe one by one, some later than others, and what comes before is lost to them. */
const { triggers } = objects.find(({ kind }) => kind === 'Sensor').spec;
const SUBJECTS = triggers.flatMap(({ template }) => template.conditions.match(/[\w-]+/g)).length;
async function hears() {
  await until('the Sensor to run', () => ready('sensor-name=sensor', 1));
  await until('the Sensor to subscribe', async () => {
    const pod = await sensorPod();
    return pod !== undefined && new Set((await logOf(pod)).match(/Subscribing to subject \S+ with durable name \S+/g)).size >= SUBJECTS;
  });
  await until('the Sensor to hear', async () => {
    const id = `${++probes}`;
    await send('probe', { id });
    for (let look = 0; look < 10; look++) {
      if (await get('ConfigMap', `probe-${id}`)) return true;
      await delay(300);
    }
    return false;
  });
}

const verbs = ['create', 'get', 'patch'];
const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs }, { apiGroups: ['argoproj.io'], resources: ['workflows'], verbs }];
await apply(...account('sensor', rules));
const before = objects.filter(({ kind }) => kind !== 'Sensor').map(secured);
const sensor = secured(objects.find(({ kind }) => kind === 'Sensor'));
await apply(...before);
await until('the bus', () => ready('eventbus-name=default', 3), 600);
await until('the source', () => ready('eventsource-name=source', 1), 600);
address = `http://${(await get('Service', 'source-eventsource-svc')).spec.clusterIP}:12000`;
say('bus and source are there');
await send('early', { id: 'lost' });

const large = `{"id": "${'x'.repeat(1024 * 1024)}"}`;
const fits = JSON.stringify({ id: 'fits', text: 'x'.repeat(1024 * 1024 - 40) });
const answers = [];
for (const { name, path, body, ...rest } of requests) answers.push({ name, ...await post(path, { LARGE: large, FITS: fits }[body] ?? body, rest) });
say(`${answers.length} requests of the webhook`);

await apply(sensor);
await hears();
say('the Sensor hears');
const results = [];
let known = new Set((await made()).map(({ metadata }) => metadata.uid));
for (const { name, posts, until: end } of rounds) {
  for (const { to, body, times = 1, then } of posts) {
    for (let number = 1; number <= times; number++) await send(to, JSON.parse(JSON.stringify(body).replaceAll('#', String(number).padStart(2, '0'))));
    if (then !== undefined) await until(then, () => get('ConfigMap', then)).then(() => delay(2000));
  }
  if (end.kind) await until(`${end.kind} ${end.name}`, () => get(end.kind, end.name));
  else await until(`${end.failures} failures of ${end.trigger}`, async () => (await failures(end.trigger)).length >= end.failures);
  await delay(3000);
  const all = await made();
  const fresh = all.filter(({ metadata }) => !known.has(metadata.uid));
  known = new Set(all.map(({ metadata }) => metadata.uid));
  say(`${name}: ${fresh.length} objects`);
  results.push({ name, made: / order /.test(name) ? fresh.map(traced) : fresh.map(traced).sort(byName) });
}
const failed = [];
for (const trigger of ['alert', 'made', 'secret', 'named']) failed.push({ trigger, failures: await failures(trigger) });

/** The Sensor's Pod goes, and none comes before this is done. */
async function away(act) {
  const { metadata: { name } } = (await list('Deployment', 'sensor-name=sensor'))[0];
  await patch('Deployment', name, { spec: { replicas: 0 } });
  await until('the Sensor to go', async () => (await list('Pod', 'sensor-name=sensor')).length === 0);
  await act();
  if ((await get('Deployment', name)) !== undefined) await patch('Deployment', name, { spec: { replicas: 1 } });
  await hears();
}
const outages = [];
async function outage(name, act) {
  await away(act);
  await delay(8000);
  const all = await made();
  outages.push({ name, made: all.filter(({ metadata }) => !known.has(metadata.uid)).map(({ metadata }) => metadata.name).sort() });
  known = new Set(all.map(({ metadata }) => metadata.uid));
  say(`${name}: ${JSON.stringify(outages.at(-1).made)}`);
}
await outage('events while the Sensor is away are delivered when it is back', async () => {
  for (const id of ['1', '2', '3']) await send('back', { id });
});
await send('right', { id: 'half' });
await until('either-half', () => get('ConfigMap', 'either-half'));
await outage('half of an AND outlives the Sensor', async () => {
  await send('left', { id: 'other' });
});
const edited = structuredClone(sensor);
edited.spec.triggers.find(({ template }) => template.name === 'back').template.k8s.source.resource.data = { edited: 'yes' };
await outage('events while the Sensor is away are delivered after its trigger was edited', async () => {
  await send('back', { id: 'edited' });
  await apply(edited);
});

// A body of half the largest is taken, and one of the largest is more than the bus takes.
for (const part of [0.5, 0.7, 0.75, 0.9]) {
  const text = 'x'.repeat(part * 1024 * 1024);
  const answer = await post('/call', JSON.stringify({ id: 'sized', text }), { token: 'secret' });
  answers.push({ name: `a call with a body of ${part} of the largest`, ...answer });
}
const [{ metadata: { name: bus } }] = await list('StatefulSet');
const scale = (replicas) => patch('StatefulSet', bus, { spec: { replicas } });
await scale(0);
await until('the bus to go', async () => (await list('Pod', 'eventbus-name=default')).length === 0);
answers.push({ name: 'a call while the bus is gone', ...await post('/call', '{"id": "gone"}', { token: 'secret' }) });
await scale(3);
process.stdout.write(written({ answers, rounds: results, failed, outages }));
