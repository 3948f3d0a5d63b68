import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Alertmanager, hasNews } from '../../../../src/pocket/metrics/alertmanager/alertmanager.js';
import type { AlertmanagerConfiguration } from '../../../../src/pocket/metrics/alertmanager/configuration.js';
import { NotificationLog } from '../../../../src/pocket/metrics/alertmanager/notification-log.js';
import { FakeClock } from '../fake-clock.js';

const MINUTE = 60_000;

function configuration(sendResolved = false): AlertmanagerConfiguration {
  return {
    route: {
      receiver: 'r', groupBy: ['alertname'], groupWaitMs: 5000, groupIntervalMs: MINUTE, repeatIntervalMs: 60 * MINUTE, matchers: [], continue: false, routes: [],
    },
    receivers: [{ name: 'r', webhooks: [{ url: 'http://x', sendResolved, maxAlerts: 0 }] }],
  };
}

describe('alertmanager', () => {
  let folder: string;
  let clock: FakeClock;
  let told: { at: number; body: { status: string; alerts: { labels: { model: string } }[] } }[];
  let status: () => number;
  let running: Alertmanager[];
  let logs: NotificationLog[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pocket-alertmanager-'));
    logs = [];
    clock = new FakeClock(async () => void await Promise.all(logs.map(async (log) => log.written())));
    told = [];
    status = () => 200;
    running = [];
  });
  afterEach(async () => {
    await Promise.all(running.map((each) => each.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(sendResolved?: boolean): Promise<Alertmanager> {
    const notified = new NotificationLog(join(folder, 'notified.json'));
    await notified.load();
    logs.push(notified);
    const begun = clock.now();
    const each = new Alertmanager({
      clock,
      notified,
      log: { info: () => undefined, warn: () => undefined },
      externalUrl: 'http://alertmanager',
      deliver: async (_, body) => {
        told.push({ at: clock.now() - begun, body: JSON.parse(body) });
        return { status: status() };
      },
    });
    await each.configure(configuration(sendResolved));
    running.push(each);
    return each;
  }

  /** As Prometheus does: again each minute, with an end some minutes ahead. */
  async function fire(each: Alertmanager, minutes: number, models = ['m']): Promise<void> {
    const startsAt = clock.now();
    for (let i = 0; i < minutes; i++) {
      each.put(models.map((model) => ({ labels: { alertname: 'decayed', model }, startsAt, endsAt: clock.now() + 4 * MINUTE })));
      await clock.advance(MINUTE);
    }
  }

  test('tells of a new alert after the wait of the group, and not again before the repeat interval', async () => {
    const each = await start();
    await fire(each, 125);
    expect(told.map(({ at }) => at)).toEqual([5000, 61 * MINUTE + 5000, 122 * MINUTE + 5000]);
  });

  test('tells of alerts that came together in one message, and of one that joins them at the next interval', async () => {
    const each = await start();
    await fire(each, 2, ['a', 'b']);
    await fire(each, 3, ['a', 'b', 'c']);
    expect(told.map(({ at, body }) => [at, body.alerts.map(({ labels }) => labels.model)])).toEqual([[5000, ['a', 'b']], [2 * MINUTE + 5000, ['a', 'b', 'c']]]);
  });

  test('tells of the end only where it is asked for, and of the next beginning always', async () => {
    const silent = await start(false);
    await fire(silent, 2);
    await clock.advance(10 * MINUTE);
    await fire(silent, 2);
    expect(told.map(({ body }) => body.status)).toEqual(['firing', 'firing']);
    told.splice(0);
    rmSync(join(folder, 'notified.json'));
    const telling = await start(true);
    await fire(telling, 2);
    await clock.advance(10 * MINUTE);
    expect(told.map(({ body }) => body.status)).toEqual(['firing', 'resolved']);
  });

  test('tries again while the receiver has trouble, and only at the next interval after a refusal', async () => {
    status = () => (told.length < 3 ? 503 : 200);
    const each = await start();
    await fire(each, 1);
    expect(told.map(({ at }) => at)).toEqual([5000, 5500, 6250]);
    expect(running).toHaveLength(1);
    told.splice(0);
    rmSync(join(folder, 'notified.json'));
    status = () => (told.length < 2 ? 404 : 200);
    const refused = await start();
    await fire(refused, 3);
    expect(told.map(({ at }) => at)).toEqual([5000, MINUTE + 5000]);
  });

  test('does not tell again after a restart', async () => {
    const first = await start();
    await fire(first, 2);
    await first.stop();
    const second = await start();
    await fire(second, 5);
    expect(told).toHaveLength(1);
  });

  test('an alert that had waited its time before a change of the configuration does not wait again', async () => {
    const each = await start();
    await fire(each, 2);
    told.splice(0);
    const changed = configuration();
    await each.configure({ ...changed, route: { ...changed.route, groupBy: ['model'], groupWaitMs: 30_000 } });
    await clock.advance(0);
    expect(told).toHaveLength(1);
  });

  test('stops without waiting for a receiver that does not answer', async () => {
    status = () => 500;
    const each = await start();
    await fire(each, 1);
    await each.stop();
    const count = told.length;
    await clock.advance(10 * MINUTE);
    expect(told).toHaveLength(count);
  });

  test.each([
    ['nothing told and nothing firing', undefined, [], [], false],
    ['nothing told', undefined, ['a'], [], true],
    ['the same alerts', ['a', 'b'], ['a'], [], false],
    ['another alert', ['a'], ['a', 'b'], [], true],
    ['the end of all', ['a'], [], ['a'], true],
    ['the end of all, told before', [], [], ['a'], false],
  ])('has news or not: %s', (_, before, firing, resolved, expected) => {
    const entry = before && { firing: before, resolved: [], at: 10, expiresAt: 100 };
    expect(hasNews(entry, firing, resolved, false, 0)).toBe(expected);
  });
});
