import { PocketMetrics } from '../../../src/pocket/metrics/pocket-metrics.js';
import { realAlertmanager, realPrometheus } from './binaries.js';
import { loop, until } from './loop.js';
test('latency', async () => {
  await Promise.all(([['embedded', { prefer: 'embedded' }], ['real', { prefer: 'auto', binaries: { prometheus: realPrometheus(), alertmanager: realAlertmanager() } }]] as const).map(async ([name, choice]) => {
    const around = await loop((o) => { if (o.kind === 'PrometheusRule') Object.assign(o.spec.groups[0].rules[0], { for: '15s', expr: 'sum by (namespace, axon, model, version) (accuracy) < 0.9' }); });
    around.expose = () => 'accuracy{axon="digits",model="m",version="v"} 1\n';
    const metrics = new PocketMetrics({ ...around, ...choice, prometheusHost: { namespace: 'm', name: 'p', port: 9090 } });
    await metrics.start();
    for (let round = 0; round < 1; round++) {
      await new Promise((r) => setTimeout(r, 20_000 + Math.random() * 10_000));
      const crossed = Date.now();
      around.expose = () => 'accuracy{axon="digits",model="m",version="v"} 0.5\n';
      await until('post', () => around.posted.length > 0, 120_000);
      console.log(name, 'crossed to POST', around.posted[0].at - crossed, 'startsAt to POST', around.posted[0].at - Date.parse(around.posted[0].body.alerts[0].startsAt));
    }
    await metrics.stop(); await around.close();
  }));
}, 200_000);
