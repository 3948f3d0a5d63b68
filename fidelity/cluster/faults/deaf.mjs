// All servers of the bus are killed while the Sensor works through a storm of alerts: its trigger for alerts may never take up its subscription
// again, and the Sensor says that all is well. An alert that fires then must retrain all the same, once. ROUNDS=3 KEEP=1
import { backlog } from '../lib/bus.mjs';
import { Alerts, guardedBy } from '../lib/alerts.mjs';
import { compare, summary, undisturbed } from '../lib/effects.mjs';
import { Events } from '../lib/events.mjs';
import { killProcess } from '../lib/kill.mjs';
import { needCluster, say, sleep } from '../lib/kubectl.mjs';
import { check } from '../lib/lifetime.mjs';
import { makeLoop } from '../lib/loop.mjs';
import { Refreshes } from '../lib/refreshes.mjs';

/** How often the bus goes, until the trigger is deaf; and of how many alerts each storm is. */
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const STORM = 30;
/** No such version is live: all that tell of it are refused. */
const NOBODYS = 'aaaaaaaaaa';
const GUARD = 'cooldown: 1m, runs: 10, per: 1d, sameData: false';

needCluster();
await check('deaf', async () => {
  const loop = await makeLoop('myelin-faults-deaf', { file: guardedBy(GUARD) });
  const events = await Events.of(loop);
  const calls = new Refreshes(loop, events);
  const alerts = new Alerts(loop);
  const { version: first } = await calls.live(await calls.insist());
  await loop.until('rule, target and receiver', 600, () => alerts.wired());
  const waiting = async () => (await backlog(loop))[`alert-${alerts.sensor}-decayed`] ?? 0;

  let deaf = 0;
  for (let round = 1; round <= ROUNDS && deaf === 0; round++) {
    for (let at = 0; at < STORM; at++) {
      await events.alert('decayed', 'decayed', alerts.message(alerts.labels(NOBODYS), new Date(Date.now() - 1000 * at)));
    }
    await sleep(2);
    await Promise.all((await loop.pods('controller=eventbus-controller')).map((pod) => killProcess(pod, 'main')));
    await loop.carries();
    // Either the rest is worked off, or it is not touched for longer than anything may take.
    for (let [left, since] = [await waiting(), Date.now()]; left > 0 && deaf === 0; await sleep(5)) {
      const now = await waiting();
      if (now < left) [left, since] = [now, Date.now()];
      if (Date.now() - since > 90_000) deaf = now;
    }
    say(deaf > 0 ? `the trigger is deaf, ${deaf} events wait` : `round ${round}: everything was handed on`);
  }

  const fired = await alerts.decay(first, 900);
  const retrains = async () => (await loop.document('ledger')).models.model?.retrains ?? [];
  const retrained = await loop.until('a retraining', 1200, events.sweeping(30, async () => (await retrains())[0]), 2);
  const after = ((Date.parse(retrained.at) - fired) / 1000).toFixed(0);
  const second = await alerts.replaced(first, events, 2400);
  say(`${second} replaces ${first}, whose retraining began ${after} s after its alert fired`);
  const { found: early } = await calls.settled(undisturbed(2), 0, { quiet: deaf === 0 });
  const plain = undisturbed(2);
  const expected = {
    ...plain,
    events: { ...plain.events, 'rest refresh called': 1, 'alert decayed fired': early.events['alert decayed fired'] },
    sets: { refresh: { consumed: 1 }, decayed: { ...early.sets.decayed, consumed: 1 }, trained: { consumed: 2 } },
    runs: { 'refresh Succeeded': 1, 'decayed Succeeded': 1, 'trained Succeeded': 2 },
  };
  const counts = `${deaf > 0 ? `a deaf trigger with ${deaf} events before it` : 'a trigger that was never deaf'}; the alert retrained once, `
    + `${after} s after it fired; ${summary(early)}`;
  return { counts, differences: compare(early, expected) };
});
