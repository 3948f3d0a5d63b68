// Storms of alerts with resolved messages in between, to Alertmanager as Prometheus tells them and to the EventSource as Alertmanager does: while
// nothing fires, where all must be refused, and around an alert that really fires, where exactly one retraining must come of it. Afterwards the
// alert of the new version must still retrain, once the cooldown is over. DIRECT=50 SERIES=20 COOLDOWN=600 KEEP=1
import { backlog } from '../lib/bus.mjs';
import { Alerts, guardedBy } from '../lib/alerts.mjs';
import { compare, effects, summary, tally, undisturbed } from '../lib/effects.mjs';
import { Events } from '../lib/events.mjs';
import { needCluster, say, sleep } from '../lib/kubectl.mjs';
import { check, onEnd } from '../lib/lifetime.mjs';
import { makeLoop } from '../lib/loop.mjs';
import { Refreshes } from '../lib/refreshes.mjs';

/** Of each storm: messages to the EventSource (and as many resolved), and series that Alertmanager is told FLAPS times to fire and not to. */
const DIRECT = Number(process.env.DIRECT ?? 50);
const SERIES = Number(process.env.SERIES ?? 20);
const FLAPS = 5;
/** Longer than a retraining and its deployment on a busy machine. */
const COOLDOWN = Number(process.env.COOLDOWN ?? 600);
/** Most bytes of a ledger, as the contract states them. */
const LARGEST = 768 * 1024;
/** Most pods of runs at once: the burst that the Sensor lets through, what it hands on while those run on a busy machine, and a retraining. */
const PODS = 30;
/** Rounds of the sweep after a storm, and how many of its alerts may come up in them: the last one of a version may, those before it are spent. */
const ROUNDS = 4;
const LOOKS = 1;

const hasEnded = ({ status }) => ['Succeeded', 'Failed', 'Error'].includes(status?.phase);

needCluster();
await check('storm', async () => {
  const loop = await makeLoop('myelin-faults-storm', { file: guardedBy(`cooldown: ${COOLDOWN}s, runs: 10, per: 1d, sameData: false`) });
  const events = await Events.of(loop);
  const calls = new Refreshes(loop, events);
  const alerts = new Alerts(loop);
  const differences = [];
  const seconds = (from, to = Date.now()) => `${((to - from) / 1000).toFixed(0)} s`;
  const setsOf = async () => (await loop.document('ledger'))?.sensors[alerts.sensor]?.sets ?? [];
  const codes = (sets) => tally(sets.flatMap(({ decision, reasons }) => reasons?.map(({ code }) => `${decision} ${code}`) ?? [decision]));
  let largest = 0;
  let most = 0;
  const watching = setInterval(async () => {
    const pods = await loop.pods('myelin.io/component=run').catch(() => []);
    most = Math.max(most, pods.filter(({ status }) => ['Pending', 'Running'].includes(status.phase)).length);
  }, 3000);
  onEnd(() => clearInterval(watching));
  const bytes = async () => {
    const size = Buffer.byteLength(JSON.stringify(await loop.document('ledger')));
    largest = Math.max(largest, size);
    return size;
  };

  /** Messages about a version to the EventSource, each of an alert that began at another moment, ten a second. */
  async function direct(version) {
    const start = Date.now() - 2000 * DIRECT;
    const answers = [];
    for (let at = 0; at < DIRECT; at++) {
      const begins = new Date(start + 1000 * at);
      for (const status of ['firing', 'resolved']) {
        answers.push(events.alert('decayed', 'decayed', alerts.message(alerts.labels(version), begins, status)));
      }
      await sleep(0.1);
    }
    const told = tally(await Promise.all(answers));
    if (told[200] !== 2 * DIRECT) differences.push(`answers to messages: ${JSON.stringify(told)} instead of ${2 * DIRECT} times 200`);
  }

  /** Series of a version that Alertmanager is told to fire and, shortly after, not to; at the end they fire. */
  async function flapping(version) {
    for (let flap = 0; flap < FLAPS; flap++) {
      const began = new Date();
      const all = (ends) => Array.from({ length: SERIES }, (_, series) => ({
        labels: { ...alerts.labels(version), feature: `f${series}` },
        annotations: { summary: 'a storm' },
        startsAt: began.toISOString(),
        endsAt: ends.toISOString(),
      }));
      await alerts.tell(all(new Date(Date.now() + 60_000)));
      await sleep(1.5);
      if (flap < FLAPS - 1) await alerts.tell(all(new Date()));
      await sleep(0.5);
    }
  }

  /** Waits until all runs have ended and nothing is on its way, and says what it took. */
  async function quiet(what, start, known) {
    await loop.until('empty backlog of the bus', 900, async () => Object.keys(await backlog(loop)).length === 0, 2);
    const handed = seconds(start);
    await loop.until('end of all runs', 3600, async () => (await loop.items('workflows')).every(hasEnded), 5);
    const sets = await setsOf();
    const runs = (await loop.items('workflows', '-l', `myelin.io/sensor=${alerts.sensor}`)).length;
    say(`${what}: handed on after ${handed}, quiet after ${seconds(start)}; ${runs - known} runs, at most ${most} pods at once, `
      + `ledger ${await bytes()} bytes; ${JSON.stringify(codes(sets))}`);
    const pods = most;
    most = 0;
    if (pods > PODS) differences.push(`${what} had ${pods} pods at once, more than ${PODS}`);
    return { sets, runs, pods };
  }

  const { version: first } = await calls.live(await calls.insist());
  await loop.until('rule, target and receiver', 600, () => alerts.wired());

  let start = Date.now();
  await Promise.all([direct(first), flapping(first)]);
  // What Alertmanager was told ends by itself, after the time that it was given.
  const forged = await quiet('a storm while nothing fires', start, 0);
  const believed = forged.sets.filter(({ decision, reasons }) => decision !== 'refused' || reasons.some(({ code }) => code !== 'no-longer-firing'));
  if (believed.length > 0) differences.push(`alerts that do not fire: ${JSON.stringify(codes(believed))}`);
  if (forged.sets.length < DIRECT) differences.push(`${forged.sets.length} alerts were decided of ${DIRECT} that were posted`);
  if ((await effects(loop)).retrains.length > 0) differences.push('an alert that does not fire has retrained');

  const fired = await alerts.decay(first, 900);
  say(`the alert of ${first} fires`);
  start = Date.now();
  const storm = Promise.all([direct(first), flapping(first)]);
  const second = await alerts.replaced(first, events, 3600);
  await storm;
  say(`${second} replaces ${first} ${seconds(fired)} after its alert fired`);
  const real = await quiet('a storm around an alert that fires', start, forged.runs);
  const { retrains } = await effects(loop);
  if (retrains.length !== 1) differences.push(`${retrains.length} retrainings by a storm`);

  // The next version decays within the cooldown: it waits, and is not forgotten for all the others that wait.
  await alerts.decay(second, 900);
  say(`the alert of ${second} fires, ${seconds(Date.parse(retrains[0].at))} after the last retraining began`);
  const third = await alerts.replaced(second, events, COOLDOWN + 3600);
  say(`${third} replaces ${second}`);
  await quiet('after the cooldown', Date.now(), real.runs);
  // The last cooldown is over for those that were put off before it: whatever of them still counted would be looked at now, one in each round.
  const left = (await setsOf()).filter(({ decision }) => decision === 'deferred').length;
  const runsNow = async () => (await loop.items('workflows', '-l', `myelin.io/sensor=${alerts.sensor}`)).length;
  const before = await runsNow();
  for (let round = 0; round < ROUNDS; round++) await calls.settled(undisturbed(1), 0);
  const looks = (await runsNow()) - before;
  if (looks > LOOKS) differences.push(`${looks} of ${left} alerts that were put off have come up in ${ROUNDS} rounds of the sweep`);
  say(`${left} alerts were put off; ${looks} of them came up in ${ROUNDS} rounds of the sweep`);

  const sets = await setsOf();
  const count = (decision) => sets.filter((set) => set.decision === decision).length;
  const plain = undisturbed(3);
  const found = (await calls.settled(plain, 0)).found;
  const expected = {
    ...plain,
    events: { ...plain.events, 'rest refresh called': 1, 'alert decayed fired': found.events['alert decayed fired'] },
    sets: { refresh: { consumed: 1 }, decayed: { ...found.sets.decayed, consumed: 2 }, trained: { consumed: 3 } },
    runs: { 'refresh Succeeded': 1, 'decayed Succeeded': 2, 'trained Succeeded': 3 },
  };
  differences.push(...compare(found, expected));
  if (found.retrains.length !== 2) differences.push(`${found.retrains.length} retrainings instead of 2`);
  await bytes();
  if (largest > LARGEST) differences.push(`the ledger had ${largest} bytes, more than ${LARGEST}`);
  const told = `${2 * DIRECT} messages firing and ${2 * DIRECT} resolved, ${2 * SERIES} series told ${2 * FLAPS - 1} times`;
  const counts = `${told}; ${real.runs} runs by them, at most ${Math.max(forged.pods, real.pods)} pods at once, `
    + `${count('consumed')} sets consumed, ${count('refused')} refused, ${count('deferred')} deferred (`
    + `${JSON.stringify(codes(sets))}), ${found.retrains.length} retrainings, ledger at most ${largest} bytes; ${summary(found)}`;
  return { counts, differences };
});
