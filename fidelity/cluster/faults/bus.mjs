// Servers of the EventBus are killed: one, the leader, two, all of them. A call is answered with 200 or it is not carried: whatever was answered well
// must have its effects, and a client that tries again with the same id until it is answered well must have them once. Duplicates keep every part
// of the way busy at the moment at which it breaks. KEEP=1 SEED=… GONE='1 2 3 3'
import { summary, tally } from '../lib/effects.mjs';
import { Events } from '../lib/events.mjs';
import { deletePod, killProcess } from '../lib/kill.mjs';
import { needCluster, say, sleep } from '../lib/kubectl.mjs';
import { check } from '../lib/lifetime.mjs';
import { makeLoop } from '../lib/loop.mjs';
import { seeded } from '../lib/random.mjs';
import { Refreshes } from '../lib/refreshes.mjs';

const SELECTOR = 'controller=eventbus-controller';
const SERVER = 'main';
/** How many servers go at once, in each round. */
const GONE = (process.env.GONE ?? '1 2 3 3').split(' ').map(Number);
/** Clients that repeat a call while its servers go, for how long in milliseconds, and after how many seconds each; what they post is in front of the next. */
const REPEATING = 3;
const WHILE = 3000;
const PAUSE = 0.1;

needCluster();
await check('bus', async () => {
  const chance = seeded();
  const loop = await makeLoop('myelin-faults-bus');
  const calls = new Refreshes(loop, await Events.of(loop));
  const away = [];
  const lost = [];
  for (const [round, gone] of GONE.entries()) {
    // What lies in the bus when its servers go: answered well, and perhaps not yet handed on.
    const first = await calls.call();
    const answers = [first.status];
    const pods = (await loop.pods(SELECTOR)).sort(() => chance.next() - 0.5).slice(0, gone);
    const start = Date.now();
    const repeated = Promise.all(Array.from({ length: REPEATING }, async () => {
      for (; Date.now() - start < WHILE; await sleep(PAUSE)) await calls.call(first.id);
    }));
    await sleep(chance.between(0.2, 1));
    // All of them at once, so that no server outlives the others by what it has not written yet; every other time the pods go as well.
    await Promise.all(pods.map((pod) => killProcess(pod, SERVER)));
    if (round % 2 === 0) await Promise.all(pods.map((pod) => deletePod(loop.namespace, pod.metadata.name)));
    await repeated;
    const ids = [first.status === 200 ? first.id : await calls.insist(first.id)];
    const second = calls.newId();
    for (;;) {
      const { status } = await calls.call(second);
      answers.push(status);
      if (status === 200) break;
      if (Date.now() - start > 300_000) throw new Error(`no call was answered well within 300 s: ${JSON.stringify(tally(answers))}`);
      await sleep(1);
    }
    ids.push(second);
    away.push((Date.now() - start) / 1000);
    const how = round % 2 === 0 ? 'deleted' : 'killed';
    say(`${gone} servers ${how}: answers ${JSON.stringify(tally(answers))}, carried again after ${away.at(-1).toFixed(1)} s`);
    await loop.carries();
    lost.push(...await calls.arrived(ids));
  }
  const { found, differences } = await calls.settled();
  const answers = Object.entries(tally(calls.answers)).map(([status, count]) => `${count} times ${status}`).join(', ');
  const counts = `${calls.ids.length} calls in ${calls.answers.length} attempts (${answers}), servers gone ${GONE.join(', ')} at once, `
    + `away for at most ${Math.max(...away).toFixed(0)} s; ${summary(found)}`;
  return { counts, differences: [...lost, ...differences] };
});
