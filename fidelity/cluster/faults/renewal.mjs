// An alert goes on because every model that its retrainings bring is refused: the loop must try again, not before the guard would let it, and must
// stop when the alert has ended. RETRAININGS=2 KEEP=1
import { Alerts, guardedBy } from '../lib/alerts.mjs';
import { compare, summary, undisturbed } from '../lib/effects.mjs';
import { Events } from '../lib/events.mjs';
import { needCluster, say } from '../lib/kubectl.mjs';
import { check } from '../lib/lifetime.mjs';
import { makeLoop } from '../lib/loop.mjs';
import { Refreshes } from '../lib/refreshes.mjs';

const RETRAININGS = Number(process.env.RETRAININGS ?? 2);
/** What a retraining brings about has so long before its alert is looked at again, in seconds: the guard's cooldown is shorter. */
const SETTLING = 300;
const GUARD = 'cooldown: 1m, runs: 10, per: 1d, sameData: false';
/** Nothing is live at first, so the first model passes; the probe publishes no score of the live one, so none passes after it. */
const REFUSES = 'name: better, type: BetterThanLive, metric: test_accuracy, model: model';
/** Rounds of the sweep after the alert has ended. */
const ROUNDS = 3;
/** An alert is kept for so long after its condition is over, and is then told no more. */
const ENDS = 1800;

needCluster();
await check('renewal', async () => {
  const loop = await makeLoop('myelin-faults-renewal', { file: guardedBy(GUARD, [REFUSES]) });
  const events = await Events.of(loop);
  const calls = new Refreshes(loop, events);
  const alerts = new Alerts(loop);
  const differences = [];

  const { version } = await calls.live(await calls.insist());
  await loop.until('rule, target and receiver', 600, () => alerts.wired());
  const model = async () => (await loop.document('ledger')).models.model ?? { retrains: [] };
  const sets = async (sensor) => (await loop.document('ledger')).sensors[sensor]?.sets ?? [];
  const refusals = async () => (await sets('trained')).filter(({ decision }) => decision === 'refused');

  const fired = await alerts.decay(version, 900);
  for (let round = 1; round <= RETRAININGS; round++) {
    // The sweep comes round every five minutes; asked more often it must not begin earlier.
    await loop.until(`retraining ${round}`, 1200, events.sweeping(30, async () => (await model()).retrains.length >= round), 2);
    await loop.until(`refusal of model ${round}`, 1200, async () => (await refusals()).length >= round, 2);
    await loop.until(`end of retraining ${round}`, 600, async () => (await model()).running === undefined, 2);
    // Truths that are false again, so that the alert goes on.
    if (round < RETRAININGS) await alerts.decay(version, 900);
    say(`retraining ${round} is over and its model refused, ${((Date.now() - fired) / 1000).toFixed(0)} s after the alert fired`);
  }
  const { retrains } = await model();
  const pauses = retrains.slice(1).map(({ at }, index) => (Date.parse(at) - Date.parse(retrains[index].ended)) / 1000);
  const early = pauses.filter((pause) => pause < SETTLING);
  if (early.length > 0) differences.push(`a retraining began ${early[0].toFixed(0)} s after the one before was over, within ${SETTLING} s`);

  // The clients are silent, and the alert ends. A look at it just before that may find that it has; from then on nobody looks any more.
  await loop.until('end of the alert', ENDS, async () => !(await alerts.firing()).includes(version), 5);
  await loop.until('end of the last retraining', 1200, async () => (await model()).running === undefined, 5);
  await calls.settled(undisturbed(1), 0);
  const before = (await sets('decayed')).length;
  for (let round = 0; round < ROUNDS; round++) await calls.settled(undisturbed(1), 0);
  const decided = await sets('decayed');
  if (decided.length > before) differences.push(`${decided.length - before} looks at an alert that has ended`);
  const trained = (await model()).retrains.length;
  const refused = decided.filter(({ decision, reasons }) => decision === 'refused' && reasons.every(({ code }) => code === 'no-longer-firing')).length;
  const plain = undisturbed(1 + trained);
  const expected = {
    ...plain,
    events: { ...plain.events, 'rest refresh called': 1, 'alert decayed fired': trained + refused },
    sets: { refresh: { consumed: 1 }, decayed: { consumed: trained, refused }, trained: { consumed: 1, refused: trained } },
    runs: { 'refresh Succeeded': 1, 'decayed Succeeded': trained, 'trained Succeeded': 1 },
    versions: 1,
    live: 1,
  };
  const { found } = await calls.settled(expected);
  differences.push(...compare(found, expected));
  const counts = `${trained} retrainings by one alert whose models were all refused, ${pauses.map((pause) => `${pause.toFixed(0)} s`).join(', ')} after the one `
    + `before; ${refused} looks that found it ended, none after that; ${summary(found)}`;
  return { counts, differences };
});
