// Alertmanager does not know where to send an alert: its configuration is gone, and so its message. The sweep must find the alert with Prometheus,
// and the message that comes after all, when the configuration is back, must not retrain a second time. KEEP=1
import { Alerts, guardedBy } from '../lib/alerts.mjs';
import { compare, summary, undisturbed } from '../lib/effects.mjs';
import { Events } from '../lib/events.mjs';
import { kubectl, needCluster, say } from '../lib/kubectl.mjs';
import { check } from '../lib/lifetime.mjs';
import { makeLoop } from '../lib/loop.mjs';
import { Refreshes } from '../lib/refreshes.mjs';

const GUARD = 'cooldown: 1m, runs: 10, per: 1d, sameData: false';
/** A message may be late by so much before the sweep does without it, in seconds. */
const ON_ITS_WAY = 120;

needCluster();
await check('unheard', async () => {
  const loop = await makeLoop('myelin-faults-unheard', { file: guardedBy(GUARD) });
  const events = await Events.of(loop);
  const calls = new Refreshes(loop, events);
  const alerts = new Alerts(loop);
  const differences = [];
  const { version: first } = await calls.live(await calls.insist());
  await loop.until('rule, target and receiver', 600, () => alerts.wired());

  const { apiVersion, kind, metadata: { name, labels }, spec } = (await loop.items('alertmanagerconfigs'))[0];
  await loop.kubectl('delete', 'alertmanagerconfig', name);
  await loop.until('Alertmanager without the receiver', 600, async () => !(await alerts.wired()));
  const fired = await alerts.decay(first, 900);
  const runs = () => loop.items('workflows', '-l', `myelin.io/sensor=${alerts.sensor}`);
  const woken = await loop.until('a run by the sweep', 900, events.sweeping(20, async () => (await runs())[0]));
  const late = (Date.parse(woken.metadata.creationTimestamp) - fired) / 1000;
  say(`${woken.metadata.name} was made ${late.toFixed(0)} s after the alert fired`);
  // Scrapes and the sight of the alert are some seconds apart.
  if (late < ON_ITS_WAY - 15) differences.push(`the sweep did without the message after ${late.toFixed(0)} s`);
  const second = await alerts.replaced(first, events, 2400);
  say(`${second} replaces ${first}`);

  const config = JSON.stringify({ apiVersion, kind, metadata: { name, labels }, spec });
  await kubectl(['-n', loop.namespace, 'apply', '--server-side', '-f', '-'], { input: config });
  await loop.until('the message after all', 900, async () => (await runs()).length > 1, 2);
  const plain = undisturbed(2);
  const expected = {
    ...plain,
    events: { ...plain.events, 'rest refresh called': 1, 'alert decayed fired': 2 },
    sets: { refresh: { consumed: 1 }, decayed: { consumed: 1, refused: 1 }, trained: { consumed: 2 } },
    runs: { 'refresh Succeeded': 1, 'decayed Succeeded': 1, 'trained Succeeded': 2 },
  };
  const { found } = await calls.settled(expected);
  differences.push(...compare(found, expected));
  return { counts: `1 alert without a message, found ${late.toFixed(0)} s after it fired, and its message after all; ${summary(found)}`, differences };
});
