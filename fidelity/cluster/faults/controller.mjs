// The workflow controller is killed in the middle of runs: while each kind of step works, and between two steps.
// KILLS='gate,tune deploy' (of each call, what works when it goes) SEED=… KEEP=1
import { summary, tally } from '../lib/effects.mjs';
import { Events } from '../lib/events.mjs';
import { deletePod, killProcess } from '../lib/kill.mjs';
import { kube, needCluster, say, sleep, until } from '../lib/kubectl.mjs';
import { check } from '../lib/lifetime.mjs';
import { makeLoop } from '../lib/loop.mjs';
import { seeded } from '../lib/random.mjs';
import { Refreshes } from '../lib/refreshes.mjs';
import { stepOf, working, works } from '../lib/steps.mjs';

/** Of one call each: what works when the controller goes. */
const CALLS = (process.env.KILLS ?? 'gate,tune,deploy between,trial,deploy prepare,emit,tune').split(' ').map((call) => call.split(','));
const ENGINE = 'argo';

const controllers = async () => (await kube(['-n', ENGINE, 'get', 'pods', '-l', 'app=workflow-controller'])).items;
const isUp = ({ metadata, status }) => metadata.deletionTimestamp === undefined && status.containerStatuses?.every(({ ready }) => ready) === true;
const life = ({ metadata, status }) => `${metadata.uid} ${status.containerStatuses?.[0].restartCount}`;

/** Ends the controller one way or the other, and waits until another life of it is ready. */
async function kill(how) {
  const pod = await until('workflow controller', 300, async () => (await controllers()).find(isUp));
  const start = Date.now();
  if (how === 'deleted') await deletePod(ENGINE, pod.metadata.name);
  else if (!await killProcess(pod, pod.spec.containers[0].name)) throw new Error('the controller had no process to kill');
  const isNew = (other) => isUp(other) && life(other) !== life(pod);
  await until('new workflow controller', 300, async () => (await controllers()).some(isNew), { every: 0.5 });
  return (Date.now() - start) / 1000;
}

/** The moment at which a call's run has done its first step and has not begun the next. */
async function between(loop, calls, id) {
  const selector = `workflows.argoproj.io/workflow=${calls.run(id)}`;
  await loop.until('end of the first step', 300, async () => {
    const pods = await loop.pods(selector);
    return pods.length > 0 && !pods.some(works) && pods.some(({ status }) => status.phase === 'Succeeded');
  }, 0.3);
}

needCluster();
await check('controller', async () => {
  const chance = seeded();
  const loop = await makeLoop('myelin-faults-controller');
  const calls = new Refreshes(loop, await Events.of(loop));
  const kills = [];
  for (const steps of CALLS) {
    const before = new Set((await loop.items('pods')).map(({ metadata }) => metadata.uid));
    const id = await calls.insist();
    for (const step of steps) {
      const pod = step === 'between' ? await between(loop, calls, id) : await working(loop, step, before);
      await sleep(chance.between(0, 1));
      const how = chance.next() < 0.5 ? 'deleted' : 'killed';
      const away = await kill(how);
      kills.push({ step, how });
      say(`${how} the controller while ${pod === undefined ? 'nothing worked' : `${stepOf(pod)} worked`}, away for ${away.toFixed(1)} s`);
    }
    const { version } = await calls.live(id);
    say(`${version} of call ${id}`);
  }
  const { found, differences } = await calls.settled();
  const by = Object.entries(tally(kills.map(({ step }) => step))).map(([step, count]) => `${step} ${count}`).join(', ');
  const bySignal = kills.filter(({ how }) => how === 'killed').length;
  const counts = `${calls.ids.length} calls, controller gone ${kills.length} times (${by}; ${bySignal} of them by signal); ${summary(found)}`;
  return { counts, differences };
});
