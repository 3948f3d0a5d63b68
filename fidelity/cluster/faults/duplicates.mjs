// Calls and completion events are posted again and again: at once, during their run, after it, out of order, and after the run's Workflow is
// gone, as its time to live would have it; and calls that must be refused are made. Every call must still have made exactly one version.
// SEED=… KEEP=1
import { busState } from '../lib/bus.mjs';
import { compare, effects, summary, tally, undisturbed } from '../lib/effects.mjs';
import { Events } from '../lib/events.mjs';
import { needCluster, say } from '../lib/kubectl.mjs';
import { check } from '../lib/lifetime.mjs';
import { makeLoop } from '../lib/loop.mjs';
import { seeded } from '../lib/random.mjs';
import { Refreshes } from '../lib/refreshes.mjs';

/** How long a delivery may take that nothing holds back, in seconds. Retries of a delivery that can come to nothing would take half a minute each. */
const PROMPT = 45;
const KIB = 1024;

const parameterOf = ({ spec }, name) => spec.arguments.parameters.find((parameter) => parameter.name === name)?.value;

needCluster();
await check('duplicates', async () => {
  const chance = seeded();
  const shuffled = (list) => list.map((one) => [chance.next(), one]).sort(([a], [b]) => a - b).map(([, one]) => one);
  const times = (count, ...list) => list.flatMap((one) => Array.from({ length: count }, () => one));
  const loop = await makeLoop('myelin-faults-duplicates');
  const events = await Events.of(loop);
  const calls = new Refreshes(loop, events);
  const differences = [];
  const expect = (what, found, expected) => found === expected || differences.push(`${what}: ${found} instead of ${expected}`);
  const posted = {};

  /** Posts all at once, in a random order, and counts them. */
  async function flood(kind, posts) {
    const answers = await Promise.all(shuffled(posts).map(({ path, body }) => events.post(path, body)));
    posted[kind] = (posted[kind] ?? 0) + answers.length;
    expect(`answers to ${kind}`, JSON.stringify(tally(answers)), JSON.stringify({ 200: posts.length }));
    say(`${answers.length} posts ${kind}`);
  }
  const call = (id) => ({ path: 'rest-refresh', body: { id } });
  const runs = async () => (await loop.items('workflows', '-l', 'myelin.io/sensor')).map(({ metadata }) => metadata.name).sort();

  /** What is expected of all calls so far. Two runs at once may overtake one another: the version of the older one then never gets traffic. */
  async function expected() {
    const plain = undisturbed(calls.ids.length);
    const overtaken = (await loop.releases()).filter(({ state }) => state === 'superseded').length;
    return { ...plain, live: Math.min(plain.live, calls.ids.length - overtaken) };
  }

  /** Waits until nothing runs and nothing is on its way. */
  const quiet = async () => calls.settled(await expected());

  // Two ids, interleaved: the first of each is the call, the others are duplicates.
  const ids = [calls.newId(), calls.newId()];
  await flood('at once', times(15, ...ids.map(call)));
  await loop.until('both runs', 120, async () => (await runs()).length >= ids.length);
  await flood('early in their runs', times(5, ...ids.map(call)));
  await loop.until('a completion event', 300, async () => (await loop.items('workflows', '-l', 'myelin.io/sensor=trained')).length > 0);
  await flood('late in their runs', times(5, ...ids.map(call)));
  for (const id of ids) await calls.live(id);
  await flood('after their runs', times(5, ...ids.map(call)));
  const first = await quiet();
  differences.push(...first.differences);

  // The very bodies that the steps have posted, as the Sensor handed them on.
  const told = (await loop.items('workflows', '-l', 'myelin.io/sensor=trained')).map((run) => ({
    path: parameterOf(run, 'delivery').split('/')[0], body: JSON.parse(Buffer.from(parameterOf(run, 'event'), 'base64').toString()),
  }));
  expect('completion events', told.length, 2 * ids.length);
  await flood('of completion events', times(4, ...told));
  await quiet();
  const names = await runs();

  await loop.kubectl('delete', 'workflows', '-l', 'myelin.io/sensor');
  say(`${names.length} Workflows deleted`);
  await flood('after their Workflows were gone', [...times(4, ...ids.map(call)), ...times(2, ...told)]);
  await loop.until('the same Workflows again', 300, async () => JSON.stringify(await runs()) === JSON.stringify(names));
  const again = await quiet();
  // Jobs belong to the Workflows that were deleted: none may have come after them.
  expect('Jobs after the Workflows were gone', Object.keys(again.found.jobs).length, 0);
  differences.push(...compare({ ...again.found, jobs: first.found.jobs }, await expected()));

  // What must be refused reaches neither the bus nor the loop.
  const { published } = await busState(loop);
  const token = { authorization: `Bearer ${events.token}` };
  const json = { 'content-type': 'application/json' };
  const send = async (path, { method = 'POST', port = 12000, headers = { ...json, ...token }, text = JSON.stringify({ id: 'refused' }) }) => {
    const response = await fetch(`http://${events.address}:${port}/${path}`, { method, headers, ...(method !== 'GET' && { body: text }) });
    await response.arrayBuffer();
    return response.status;
  };
  const large = (bytes) => JSON.stringify({ id: 'refused', filling: 'x'.repeat(bytes) });
  const refusals = [
    ['no token', 401, 'rest-refresh', { headers: json }],
    ['a wrong token', 401, 'rest-refresh', { headers: { ...json, authorization: `Bearer ${events.token}x` } }],
    ['an empty token', 401, 'rest-refresh', { headers: { ...json, authorization: 'Bearer ' } }],
    ['a token that is no bearer\'s', 401, 'rest-refresh', { headers: { ...json, authorization: `Basic ${events.token}` } }],
    ['a completion event without a token', 401, told[0].path, { headers: json, text: JSON.stringify(told[0].body) }],
    ['a sweep without a token', 401, 'sweep', { headers: json }],
    ['no JSON', 400, 'rest-refresh', { text: '{"id":' }],
    ['an alert that is no JSON', 400, 'alert-decayed-decayed', { port: 12001, headers: json, text: '{"alerts":[' }],
    ['32 KiB and more', 400, 'rest-refresh', { text: large(32 * KIB) }],
    ['2 MiB', 400, 'rest-refresh', { text: large(2048 * KIB) }],
    ['an alert of 32 KiB and more', 400, 'alert-decayed-decayed', { port: 12001, headers: json, text: large(32 * KIB) }],
    ['an unknown path', 404, 'rest-unknown', {}],
    ['no path', 404, '', {}],
    ['an alert on the port of calls', 404, 'alert-decayed-decayed', {}],
    ['a call on the port of alerts', 404, 'rest-refresh', { port: 12001 }],
    ['another method', 400, 'rest-refresh', { method: 'PUT' }],
    ['a look', 400, 'rest-refresh', { method: 'GET' }],
  ];
  for (const [what, status, path, how] of refusals) expect(`answer to ${what}`, await send(path, how), status);
  say(`${refusals.length} calls that must be refused`);
  expect('messages that refused calls brought to the bus', (await busState(loop)).published - published, 0);

  // What is JSON and no event is taken; it makes no run, and holds nothing back.
  const odd = [{}, [], 'text', 7, null, { id: null }, { id: 'x' }];
  for (const body of odd) {
    expect(`answer to the completion event ${JSON.stringify(body)}`, await events.post(told[0].path, body), 200);
    const alert = { status: 'firing', ...(typeof body === 'object' && body !== null && !Array.isArray(body) && body) };
    for (const alerts of [undefined, [], [{}], [{ fingerprint: 'f' }], 'text']) {
      expect('answer to an alert that tells nothing', await events.alert('decayed', 'decayed', { ...alert, ...(alerts && { alerts }) }), 200);
    }
  }
  await loop.kubectl('delete', 'workflows', '-l', 'myelin.io/sensor=trained');
  const start = Date.now();
  for (const { path, body } of told) await events.post(path, body);
  const isThere = async () => (await loop.items('workflows', '-l', 'myelin.io/sensor=trained')).length > 0;
  await loop.until('the run of an event behind those that tell nothing', 900, isThere);
  const waited = (Date.now() - start) / 1000;
  say(`an event behind ${odd.length} that tell nothing: its run was there after ${waited.toFixed(1)} s`);
  if (waited > PROMPT) differences.push(`an event behind ${odd.length} that tell nothing waited ${waited.toFixed(0)} s for its run`);

  // The largest call that is admitted has its run, as all others.
  const last = calls.newId();
  expect('answer to a call of nearly 32 KiB', await events.post('rest-refresh', { id: last, filling: '<'.repeat(31 * KIB) }), 200);
  await calls.live(last);
  const end = await quiet();
  // Of the first two runs the Jobs went with their Workflows.
  differences.push(...compare({ ...end.found, jobs: { ...first.found.jobs, ...end.found.jobs } }, await expected()));
  const total = Object.values(posted).reduce((sum, count) => sum + count, 0);
  const kinds = Object.entries(posted).map(([kind, count]) => `${count} ${kind}`).join(', ');
  const counts = `${total} posts of ${ids.length} calls and ${told.length} completion events (${kinds}), `
    + `${refusals.length} refused, ${odd.length * 6} that told nothing; ${summary(end.found)}`;
  return { counts, differences };
});
