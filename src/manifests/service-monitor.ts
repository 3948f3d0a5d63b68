import { LABEL } from '../contract/constants';
import { ServiceMonitorSpec } from '../crd/monitoring';
import { Loop } from '../loop/loop';
import { PlatformData } from '../loop/platform';
import { PUSHGATEWAY, PUSHGATEWAY_SELECTOR } from './deployment';
import { monitoringLabels, platformLabels } from './labels';
import { Manifest } from './manifest';

const INTERVAL = '15s';

/** Scrapes the axon's models and events by the port that each of them names `metrics`. */
export function metricsMonitor(loop: Loop): Manifest {
  const { name, namespace } = loop;
  const spec: ServiceMonitorSpec = {
    jobLabel: LABEL.JOB,
    selector: { matchLabels: { [LABEL.AXON]: name, [LABEL.COMPONENT]: 'metrics' } },
    endpoints: [{ port: 'http-metrics', path: '/metrics', interval: INTERVAL, honorLabels: false }],
  };
  return {
    kind: 'ServiceMonitor', id: name, name, namespace, labels: monitoringLabels(loop, 'metrics'), body: { spec },
  };
}

/** Scrapes the Pushgateway; Prometheus keeps the labels that were pushed. */
export function pushgatewayMonitor(namespace: string, platform: PlatformData): Manifest {
  const name = PUSHGATEWAY;
  const spec: ServiceMonitorSpec = {
    jobLabel: LABEL.NAME,
    selector: { matchLabels: PUSHGATEWAY_SELECTOR },
    endpoints: [{ port: 'http', path: '/metrics', interval: INTERVAL, honorLabels: true }],
  };
  return { kind: 'ServiceMonitor', id: name, name, namespace, labels: { ...platform.monitoringLabels, ...platformLabels(name) }, body: { spec } };
}
