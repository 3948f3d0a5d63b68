// Alertmanager is killed, with all that it remembers, before an alert fires, between its firing and the message, and after the message. Each alert
// must have brought about exactly one retraining, and none may be lost. KEEP=1
import { busState } from '../lib/bus.mjs';
import { Alerts, guardedBy } from '../lib/alerts.mjs';
import { compare, effects, summary, undisturbed } from '../lib/effects.mjs';
import { Events } from '../lib/events.mjs';
import { needCluster, say } from '../lib/kubectl.mjs';
import { check } from '../lib/lifetime.mjs';
import { makeLoop } from '../lib/loop.mjs';
import { Refreshes } from '../lib/refreshes.mjs';

/** Longer than Prometheus waits before it tells an alert again (a minute), and the message's own waits, in seconds. */
const REPEAT = 300;
const RETRAIN = 2400;
/** Short, so that each version may be retrained soon after the one before. */
const GUARD = 'cooldown: 1m, runs: 10, per: 1d, sameData: false';

needCluster();
await check('alertmanager', async () => {
  const loop = await makeLoop('myelin-faults-alertmanager', { file: guardedBy(GUARD) });
  const events = await Events.of(loop);
  const calls = new Refreshes(loop, events);
  const alerts = new Alerts(loop);
  const differences = [];
  const seconds = (from, to = Date.now()) => `${((to - from) / 1000).toFixed(1)} s`;

  const { version: first } = await calls.live(await calls.insist());
  await loop.until('rule, target and receiver', 600, () => alerts.wired());
  /** Runs that alerts have woken. */
  const woken = async () => (await loop.items('workflows', '-l', `myelin.io/sensor=${alerts.sensor}`)).map(({ metadata }) => metadata);
  const told = async () => (await busState(loop)).consumers.get(`alert-${alerts.sensor}-decayed`)?.delivered ?? 0;
  async function back(killed, from) {
    await loop.until('another Alertmanager', 300, () => alerts.isBack(killed));
    say(`Alertmanager is back after ${seconds(from)}`);
  }

  async function replaced(version) {
    const next = await alerts.replaced(version, events, RETRAIN);
    say(`${next} replaces ${version}`);
    return next;
  }

  async function before(version) {
    const start = Date.now();
    const killed = await alerts.killAlertmanager();
    await Promise.all([back(killed, start), alerts.decay(version, 900)]);
    return replaced(version);
  }

  async function between(version) {
    const known = (await woken()).length;
    const fired = await alerts.decay(version, 900);
    const killed = await alerts.killAlertmanager();
    const gone = Date.now();
    const early = (await woken()).length - known;
    if (early > 0) differences.push(`the message of ${version} was out before Alertmanager was killed, ${seconds(fired, gone)} after it fired`);
    await back(killed, gone);
    const run = await loop.until('a run by the alert', REPEAT, async () => (await woken()).length > known);
    say(`killed ${seconds(fired, gone)} after the alert fired; ${run ? `its run was there ${seconds(fired)} after` : 'no run'}`);
    return replaced(version);
  }

  async function after(version) {
    const known = (await woken()).length;
    await alerts.decay(version, 900);
    await loop.until('a run by the alert', REPEAT, async () => (await woken()).length > known);
    const messages = await told();
    const start = Date.now();
    const killed = await alerts.killAlertmanager();
    await back(killed, start);
    // It does not know any more that it has told: the same alerts come again.
    await loop.until('a repeated message', REPEAT, async () => (await told()) > messages);
    say(`${(await told()) - messages} messages again, the first within ${seconds(start)}`);
    return replaced(version);
  }

  let version = first;
  const faults = [before, between, after];
  for (const fault of faults) {
    version = await fault(version);
    const count = (await effects(loop)).retrains.length;
    const expected = faults.indexOf(fault) + 1;
    if (count !== expected) differences.push(`${count} retrainings instead of ${expected} after Alertmanager was killed ${fault.name}`);
  }
  // Once more, now that nothing of what it told is news: the alerts of all versions come again.
  const messages = await told();
  await alerts.killAlertmanager();
  await loop.until('repeated messages of all versions', REPEAT, async () => (await told()) >= messages + faults.length);
  const total = await told();
  const rounds = 1 + faults.length;
  const plain = undisturbed(rounds);
  const expected = {
    ...plain,
    events: { ...plain.events, 'rest refresh called': 1, 'alert decayed fired': faults.length },
    sets: { refresh: { consumed: 1 }, decayed: { consumed: faults.length }, trained: { consumed: rounds } },
    runs: { 'refresh Succeeded': 1, 'decayed Succeeded': faults.length, 'trained Succeeded': rounds },
  };
  const { found } = await calls.settled(expected);
  differences.push(...compare(found, expected));
  if (found.retrains.length !== faults.length) differences.push(`${found.retrains.length} retrainings instead of ${faults.length}`);
  const counts = `${faults.length + 1} kills, ${total} messages of ${faults.length} alerts, ${(await woken()).length} runs by them, `
    + `${found.retrains.length} retrainings; ${summary(found)}`;
  return { counts, differences };
});
