// Pods of gate, emit, tune, deploy and other steps are killed while they work: one a call, until ROUNDS of them were hit. Every call must still
// have made exactly one version, by exactly its own trials. ROUNDS=20 SEED=… INFLIGHT=3 KEEP=1
import { summary, tally } from '../lib/effects.mjs';
import { Events } from '../lib/events.mjs';
import { deletePod, killProcess, stateOf } from '../lib/kill.mjs';
import { needCluster, say, sleep, watch } from '../lib/kubectl.mjs';
import { check, onEnd } from '../lib/lifetime.mjs';
import { makeLoop } from '../lib/loop.mjs';
import { seeded } from '../lib/random.mjs';
import { Refreshes } from '../lib/refreshes.mjs';
import { madeAgain, stepOf, workOf, works } from '../lib/steps.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 20);
const IN_FLIGHT = Number(process.env.INFLIGHT ?? 3);
/** How long each step works, in seconds, until this loop has shown it. */
const LIVES = { gate: 2, emit: 1.5, tune: 15, deploy: 4, prepare: 1.5, trial: 1.5 };
/** The runtime's steps are what this is about; user code and trials come along. */
const AIMS = ['gate', 'emit', 'tune', 'deploy', 'gate', 'emit', 'tune', 'deploy', 'prepare', 'trial'];

/** Kills a pod of an aimed step whenever one begins to work. */
class Killer {
  constructor(loop, chance) {
    Object.assign(this, { loop, chance, aims: [], tried: [], seen: new Set(), lives: new Map() });
    this.watch = watch(['pods', '-n', loop.namespace, '-l', `myelin.io/axon=${loop.axon}`], ({ object }) => this.see(object));
    onEnd(() => this.watch.close());
  }

  aim(step) {
    this.aims.push(step);
  }

  see(pod) {
    const step = stepOf(pod);
    if (LIVES[step] === undefined) return;
    const { state, startedAt, finishedAt } = stateOf(pod, workOf(pod));
    if (state === 'terminated') this.lives.set(step, [...(this.lives.get(step) ?? []), (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000]);
    if (!works(pod) || this.seen.has(pod.metadata.uid)) return;
    this.seen.add(pod.metadata.uid);
    const index = this.aims.indexOf(step);
    if (index === -1) return;
    this.aims.splice(index, 1);
    void this.kill(pod, step);
  }

  /** At a random moment of its life; what it had already lived when it was seen counts. */
  async kill(pod, step) {
    const known = this.lives.get(step);
    const life = known === undefined ? LIVES[step] : known.reduce((sum, one) => sum + one, 0) / known.length;
    const after = this.chance.between(0, life);
    const how = this.chance.next() < 0.5 ? 'deleted' : 'killed';
    const attempt = { pod, step, how, after, done: false };
    this.tried.push(attempt);
    await sleep(Math.max(0, after - (Date.now() - Date.parse(stateOf(pod, workOf(pod)).startedAt)) / 1000));
    if (how === 'killed') await killProcess(pod, workOf(pod));
    else await deletePod(this.loop.namespace, pod.metadata.name);
    attempt.done = true;
    say(`${how} ${step} ${pod.metadata.name}, ${after.toFixed(1)} s old`);
  }

  /** What the kills came to: a hit is one after which the work had to be done again. */
  async hits() {
    const [workflows, pods] = await Promise.all([this.loop.items('workflows'), this.loop.items('pods')]);
    return this.tried.map((attempt) => ({ ...attempt, hit: attempt.done ? madeAgain(attempt.pod, { workflows, pods }) : undefined }));
  }
}

const listed = (things) => Object.entries(tally(things)).map(([name, count]) => `${name} ${count}`).sort().join(', ');
const byStep = (attempts) => listed(attempts.map(({ step, how }) => `${step} ${how}`));

needCluster();
await check('pods', async () => {
  const chance = seeded();
  const loop = await makeLoop('myelin-faults-pods');
  const calls = new Refreshes(loop, await Events.of(loop));
  const killer = new Killer(loop, chance);
  const order = [];
  let hits = 0;

  // Of a call: the next aim, and the version in the end. A miss makes another call with the same aim.
  async function round() {
    if (order.length === 0) order.push(...AIMS.map((step) => [chance.next(), step]).sort(([a], [b]) => a - b).map(([, step]) => step));
    const step = order.shift();
    killer.aim(step);
    const id = await calls.insist();
    const { version } = await calls.live(id);
    hits = (await killer.hits()).filter(({ hit }) => hit !== undefined).length;
    say(`${version} of call ${id}; ${hits} hits of ${killer.tried.length} kills`);
  }

  const lanes = Array.from({ length: IN_FLIGHT }, async (_, lane) => {
    // Not in step with one another.
    await sleep(lane * chance.between(5, 20));
    while (hits < ROUNDS) await round();
  });
  await Promise.all(lanes);
  const { found, differences } = await calls.settled();
  const all = await killer.hits();
  const hit = all.filter(({ hit: is }) => is !== undefined);
  const counts = `${calls.ids.length} calls, ${hit.length} hits (${byStep(hit)}; ${listed(hit.map(({ hit: is }) => is))}), `
    + `${all.length - hit.length} came too late; ${summary(found)}`;
  return { counts, differences };
});
