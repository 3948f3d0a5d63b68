// The Sensor's pod is killed between an event and its trigger, and events come while it is away. What was answered with 200 must have its effects:
// by the bus, which keeps it, or by the sweep. What the bus loses before any record of ours knows of it is missing in the end.
// ROUNDS=6 SEED=… KEEP=1
import { busState } from '../lib/bus.mjs';
import { summary, tally } from '../lib/effects.mjs';
import { Events } from '../lib/events.mjs';
import { deletePod, killProcess, processOf, signal } from '../lib/kill.mjs';
import { needCluster, say, sleep } from '../lib/kubectl.mjs';
import { check } from '../lib/lifetime.mjs';
import { makeLoop } from '../lib/loop.mjs';
import { seeded } from '../lib/random.mjs';
import { Refreshes } from '../lib/refreshes.mjs';
import { working } from '../lib/steps.mjs';

const SELECTOR = 'controller=sensor-controller';
const ROUNDS = Number(process.env.ROUNDS ?? 6);

class Disturbance {
  constructor(loop, calls, chance) {
    Object.assign(this, { loop, calls, chance, kills: 0, moments: [] });
  }

  async pod() {
    const ready = ({ metadata, status }) => metadata.deletionTimestamp === undefined && status.containerStatuses?.[0].ready === true;
    return this.loop.until('Sensor pod', 300, async () => (await this.loop.pods(SELECTOR)).find(ready), 0.5);
  }

  /** By signal; then its pod, so that the next one does not wait for the kubelet's back-off. */
  async kill(pod) {
    this.kills++;
    await killProcess(pod, pod.spec.containers[0].name);
    await deletePod(this.loop.namespace, pod.metadata.name);
  }

  async called() {
    const { id, status } = await this.calls.call();
    if (status !== 200) throw new Error(`a call was answered with ${status} though only the Sensor was disturbed`);
    return id;
  }

  /** Stops the Sensor while something happens, and kills it then: the bus may have handed it the event, and it has not acted. */
  async between(happens) {
    const pod = await this.pod();
    const pid = await processOf(pod, pod.spec.containers[0].name);
    if (!signal(pid, 'SIGSTOP')) throw new Error('the Sensor has no process');
    try {
      return await happens();
    } finally {
      await this.kill(pod);
    }
  }

  async afterTheAnswer() {
    const id = await this.between(() => this.called());
    const made = await this.loop.kube('get', 'workflow', this.calls.run(id));
    if (made !== undefined) throw new Error(`${this.calls.run(id)} was made by a stopped Sensor`);
    this.moments.push('between call and trigger');
    return [id];
  }

  async whileAway() {
    await this.kill(await this.pod());
    const ids = [];
    for (let count = 0; count < 2; count++) {
      await sleep(this.chance.between(0, 0.5));
      ids.push(await this.called());
      this.moments.push('while it was away');
    }
    return ids;
  }

  /** The event that the loop makes itself: stopped while the end of `prepare` is told. */
  async atTheEnd() {
    const before = new Set((await this.loop.items('pods')).map(({ metadata }) => metadata.uid));
    const id = await this.called();
    await working(this.loop, 'prepare', before);
    await this.between(async () => {
      const { published } = await busState(this.loop);
      await this.loop.until('event of the end', 300, async () => (await busState(this.loop)).published > published, 0.3);
    });
    this.moments.push("between a task's end and trigger");
    return [id];
  }
}

/** Who made the Workflows that a sensor's runs are: the bus' own name differs from that of the sweep. */
async function makers(loop) {
  const runs = (await loop.items('workflows')).filter(({ metadata }) => metadata.labels?.['myelin.io/sensor'] !== undefined);
  const delivery = ({ spec }) => spec.arguments.parameters.find(({ name }) => name === 'delivery')?.value ?? '';
  return tally(runs.map((run) => (delivery(run).startsWith('sweep/') ? 'the sweep' : 'the Sensor')));
}

needCluster();
await check('sensor', async () => {
  const loop = await makeLoop('myelin-faults-sensor');
  const calls = new Refreshes(loop, await Events.of(loop));
  const disturbance = new Disturbance(loop, calls, seeded());
  const ids = [];
  for (let round = 0; round < ROUNDS; round++) {
    const made = await disturbance[['afterTheAnswer', 'whileAway', 'atTheEnd'][round % 3]]();
    ids.push(...made);
    await loop.carries();
    say(`round ${round + 1}: ${disturbance.moments.slice(-made.length).join(', ')}; the Sensor carries again`);
  }
  const lost = await calls.arrived(ids);
  const { found, differences } = await calls.settled();
  const { redelivered } = await busState(loop);
  const by = Object.entries(await makers(loop)).map(([maker, count]) => `${maker} ${count}`).join(', ');
  const moments = Object.entries(tally(disturbance.moments)).map(([moment, count]) => `${moment} ${count}`).join(', ');
  const counts = `${calls.ids.length} calls, Sensor gone ${disturbance.kills} times (${moments}); `
    + `runs made by ${by}; ${redelivered} redelivered; ${summary(found)}`;
  return { counts, differences: [...lost, ...differences] };
});
