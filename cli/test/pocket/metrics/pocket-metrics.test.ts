import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertView } from '../../../src/pocket/metrics/engines/monitoring.js';
import { PocketMetrics, type PocketMetricsOptions } from '../../../src/pocket/metrics/pocket-metrics.js';
import type { KubeObject } from '../../../src/pocket/objects/kube-object.js';
import { describeWith, realAlertmanager, realPrometheus } from './binaries.js';
import { type Loop, loop, type Posted, until } from './loop.js';

const HOST = { namespace: 'monitoring', name: 'prometheus-operated', port: 9090 };
const EXPRESSION = 'sum by (namespace, axon, model, version) (increase(C{S}[4s])) / sum by (namespace, axon, model, version) (increase(A{S}[4s])) < 0.9'
  + ' and sum by (namespace, axon, model, version) (increase(A{S}[4s])) >= 200';

/** The objects of examples/digits with times that a test can wait for. */
function fast(object: KubeObject): void {
  if (object.kind === 'ServiceMonitor') object.spec.endpoints[0].interval = '500ms';
  if (object.kind === 'AlertmanagerConfig') object.spec.route.groupWait = '500ms';
  if (object.kind === 'PrometheusRule') {
    const [rule] = object.spec.groups[0].rules;
    const selector = '{namespace="default",axon="digits",model="model"}';
    rule.expr = EXPRESSION.replaceAll('{S}', selector).replaceAll('C{', 'myelin_feedback_correct_total{').replaceAll('A{', 'myelin_feedback_total{');
    rule.for = '1s';
    rule.keep_firing_for = '1s';
  }
}

/** A model that is right half of the time, a hundred predictions a second, until somebody was told. */
function decayed({ posted }: Loop): () => string {
  const begun = Date.now();
  return () => {
    if (posted.some(({ at }) => Date.now() - at > 1000)) return '';
    const all = Math.floor((Date.now() - begun) / 10);
    const labels = 'axon="digits",model="model",version="0a1b2c3d4e",namespace="elsewhere"';
    return `# TYPE myelin_feedback_total counter\nmyelin_feedback_total{${labels}} ${all}\nmyelin_feedback_correct_total{${labels}} ${Math.floor(all / 2)}\n`;
  };
}

// All at once, since most of it is waiting.
const starts: (() => Promise<void>)[] = [];
beforeAll(async () => {
  await Promise.all(starts.map(async (start) => start()));
}, 90_000);

function told(name: string, choice: Pick<PocketMetricsOptions, 'prefer' | 'binaries'>): void {
  describe(name, () => {
    let around: Loop;
    let metrics: PocketMetrics;
    const seen: AlertView[] = [];

    starts.push(async () => {
      around = await loop(fast);
      around.expose = decayed(around);
      metrics = new PocketMetrics({ ...around, ...choice, prometheusHost: HOST, evaluationSeconds: 0.5, onAlert: (alert) => seen.push(alert) });
      await metrics.start();
    });
    afterAll(async () => {
      await metrics?.stop();
      await around?.close();
    }, 30_000);

    test('an alert on the synthesised rule reaches the webhook that the AlertmanagerConfig names', async () => {
      await until('a POST', () => around.posted.length > 0);
      const [{ path, body }] = around.posted;
      expect(path).toBe('/alert-decayed-decayed');
      expect(Object.keys(body)).toEqual([
        'receiver', 'status', 'alerts', 'groupLabels', 'commonLabels', 'commonAnnotations', 'externalURL', 'version', 'groupKey', 'truncatedAlerts',
      ]);
      expect({ ...body, alerts: undefined }).toMatchObject({
        receiver: 'default/digits/digits-decayed',
        status: 'firing',
        version: '4',
        truncatedAlerts: 0,
        groupKey: '{}/{axon="digits",namespace="default"}/{alertname="digits-decayed"}:'
          + '{alertname="digits-decayed", axon="digits", model="model", namespace="default", version="0a1b2c3d4e"}',
      });
      expect(body.alerts).toEqual([expect.objectContaining({
        status: 'firing',
        labels: { alertname: 'digits-decayed', axon: 'digits', model: 'model', namespace: 'default', sensor: 'decayed', version: '0a1b2c3d4e' },
        annotations: { summary: 'sensor decayed of axon digits: decayed' },
        endsAt: '0001-01-01T00:00:00Z',
      })]);
      // As Alertmanager 0.25 names it.
      expect(body.alerts[0].fingerprint).toBe('bed5aea698d91000');
    }, 90_000);

    test('an alert is pending for as long as the rule says before it fires', async () => {
      await until('a firing alert', () => seen.some(({ state }) => state === 'firing'));
      const startsAt = Date.parse(around.posted[0].body.alerts[0].startsAt);
      expect(startsAt - seen[0].activeAt).toBe(1000);
      process.stderr.write(`${name}: condition met to POST ${around.posted[0].at - seen[0].activeAt} ms (for: 1000, group wait 500)\n`);
    }, 60_000);

    test('the API answers with the labels that the operator gives a target', async () => {
      const response = await fetch(`${metrics.url}/api/v1/query?query=${encodeURIComponent('last_over_time(myelin_feedback_total[5m])')}`);
      const { data } = await response.json() as { data: { result: { metric: object }[] } };
      expect(data.result.map(({ metric }) => metric)).toEqual([expect.objectContaining({
        job: 'digits', namespace: 'default', exported_namespace: 'elsewhere', service: 'digits-metrics', pod: 'digits-1', container: 'serve', endpoint: 'http-metrics',
      })]);
    });

    test('a resolved alert is seen, and not sent', async () => {
      await until('a resolved alert', () => seen.some(({ state }) => state === 'resolved'));
      expect(around.posted.map(({ body }: Posted) => body.status)).not.toContain('resolved');
    }, 60_000);

    test('it is reached by the name of the service until it stops, and leaves no process', async () => {
      expect(around.registered.get('prometheus-operated.monitoring:9090')).toMatchObject({ host: '127.0.0.1' });
      expect(metrics.snapshot()).toMatchObject({ problems: [], targets: [{ health: 'up', labels: { job: 'digits' } }] });
      await metrics.stop();
      expect([...around.registered.keys()]).toEqual([]);
      for (const folder of ['prometheus', 'alertmanager']) expect(existsSync(join(around.stateDir, folder, 'pid.json'))).toBe(false);
    }, 30_000);
  });
}

test('objects that cannot be followed are told, engines that do not start replaced, and later changes followed', async () => {
  const around = await loop((object) => {
    if (object.kind === 'AlertmanagerConfig') object.spec.inhibitRules = [];
    if (object.kind === 'ServiceMonitor') object.spec.endpoints[0].interval = '100ms';
  });
  const metrics = new PocketMetrics({ ...around, prefer: 'auto', binaries: { prometheus: '/bin/false', alertmanager: '/bin/nothing' }, prometheusHost: HOST });
  try {
    await metrics.start();
    expect(metrics.snapshot()).toMatchObject({
      engine: 'embedded',
      alerting: 'embedded',
      problems: ["'AlertmanagerConfig default/digits' (spec.inhibitRules) is a field that the pocket cluster does not follow, remove it"],
    });
    around.objects.update({ kind: 'AlertmanagerConfig', namespace: 'default', name: 'digits' }, ({ spec: { inhibitRules: _, ...spec }, ...config }) => ({ ...config, spec }));
    around.objects.remove({ kind: 'Pod', namespace: 'default', name: 'digits-1' });
    await until('a change to be followed', () => metrics.snapshot().problems.length === 0 && metrics.snapshot().targets.length === 0);
  } finally {
    await metrics.stop();
    await around.close();
  }
}, 30_000);

told('all embedded', { prefer: 'embedded' });
describeWith(realPrometheus(), 'prometheus', () => {
  told('with our alertmanager', { prefer: 'auto', binaries: { prometheus: realPrometheus() } });
  describeWith(realAlertmanager(), 'alertmanager', () => {
    told('and all real', { prefer: 'auto', binaries: { prometheus: realPrometheus(), alertmanager: realAlertmanager() } });
  });
});
