import { alertingOf } from '../../../../src/pocket/metrics/alertmanager/configuration.js';
import { SYSTEM_CLOCK } from '../../../../src/pocket/metrics/clock.js';
import { EmbeddedAlertmanager } from '../../../../src/pocket/metrics/engines/embedded-alertmanager.js';
import { RealAlertmanager } from '../../../../src/pocket/metrics/engines/real-alertmanager.js';
import { describeWith, realAlertmanager } from '../binaries.js';
import { type Loop, loop, type Posted, until } from '../loop.js';

const binary = realAlertmanager();

describeWith(binary, 'alertmanager', () => {
  const engines: { around: Loop; engine: EmbeddedAlertmanager | RealAlertmanager }[] = [];

  beforeAll(async () => {
    const real = (options: Loop) => RealAlertmanager.start({ ...options, binary: binary! });
    const embedded = (options: Loop) => EmbeddedAlertmanager.start({ ...options, clock: SYSTEM_CLOCK });
    for (const start of [embedded, real]) {
      const around = await loop((object) => {
        if (object.kind !== 'AlertmanagerConfig') return;
        Object.assign(object.spec.route, { groupWait: '300ms', groupInterval: '1s', groupBy: ['alertname', 'model'] });
        object.spec.receivers[1].webhookConfigs.push({ url: object.spec.receivers[1].webhookConfigs[0].url.replace('alert-', 'all-'), maxAlerts: 2 });
      });
      engines.push({ around, engine: await start(around) });
    }
    await Promise.all(engines.map(async ({ around, engine }) => engine.configure(alertingOf(around.objects).configuration)));
  }, 60_000);
  afterAll(async () => {
    await Promise.all(engines.map(({ engine }) => engine.stop()));
    await Promise.all(engines.map(({ around }) => around.close()));
  }, 30_000);

  test('the same alerts become the same messages', async () => {
    const labels = { alertname: 'digits-decayed', namespace: 'default', axon: 'digits', sensor: 'decayed' };
    const startsAt = new Date(Date.now() - 10).toISOString();
    const far = new Date(Date.now() + 600_000).toISOString();
    const alert = (more: Record<string, string>, extra: object = {}) => ({
      labels: { ...labels, ...more }, annotations: { summary: `of <${more.version}> & "more"`, empty: '' }, startsAt, endsAt: far, generatorURL: 'http://p/graph?a=1&b=2', ...extra,
    });
    await send([
      alert({ model: 'a', version: 'v2' }), alert({ model: 'a', version: 'v1', job: 'z' }), alert({ model: 'a', version: 'v3', extra: 'x' }),
      alert({ model: 'b', version: 'ü' }), alert({ model: 'c', version: 'v1', namespace: '' }), alert({ model: 'd', version: 'v1', axon: 'other' }),
    ]);
    await count(4);
    // Some end, and one joins.
    const endsAt = new Date().toISOString();
    await send([alert({ model: 'a', version: 'v2' }, { endsAt }), alert({ model: 'a', version: 'v4' }), alert({ model: 'b', version: 'ü' }, { endsAt })]);
    await count(7);
    const [ours, theirs] = engines.map(({ around }) => around.posted.map(shown).sort());
    expect(ours).toEqual(theirs);
    process.stderr.write(`compared ${ours.length} messages with alertmanager: alike\n`);
  }, 60_000);

  async function send(alerts: object[]): Promise<void> {
    for (const { engine } of engines) {
      const response = await fetch(`http://${engine.address}/api/v2/alerts`, {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(alerts),
      });
      expect(response.status).toBe(200);
    }
  }

  async function count(messages: number): Promise<void> {
    for (const { around } of engines) await until(`${messages} messages, ${around.posted.length}`, () => around.posted.length >= messages, 20_000);
  }
});

/** What must be alike, headers included; alerts that were resolved say so with a time of their own. */
function shown({ path, body, headers }: Posted): string {
  return JSON.stringify({ path, body, type: headers['content-type'], agent: String(headers['user-agent']) });
}
