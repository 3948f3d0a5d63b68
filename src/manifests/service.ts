import { LABEL, METRICS_PORT_NAME, METRICS_SERVICE_PORT } from '../contract/constants';
import { ServiceSpec } from '../crd/kube';
import { Loop } from '../loop/loop';
import { PUSHGATEWAY, PUSHGATEWAY_PORT, PUSHGATEWAY_SELECTOR } from './deployment';
import { axonLabels, platformLabels } from './labels';
import { Manifest } from './manifest';

/** The headless Service through which Prometheus finds the axon's pods that expose metrics. */
export function metricsService(loop: Loop): Manifest {
  const { name: axon, namespace } = loop;
  const name = `${axon}-metrics`;
  const spec: ServiceSpec = {
    clusterIP: 'None',
    selector: { [LABEL.AXON]: axon, [LABEL.METRICS]: 'true' },
    ports: [{ name: 'http-metrics', port: METRICS_SERVICE_PORT, targetPort: METRICS_PORT_NAME }],
  };
  return { kind: 'Service', id: name, name, namespace, labels: { ...axonLabels(loop, 'metrics'), [LABEL.JOB]: axon }, body: { spec } };
}

/** The address under which tasks push metrics. */
export function pushgatewayService(namespace: string): Manifest {
  const name = PUSHGATEWAY;
  const spec: ServiceSpec = { selector: PUSHGATEWAY_SELECTOR, ports: [{ name: 'http', port: PUSHGATEWAY_PORT, targetPort: 'http' }] };
  return { kind: 'Service', id: name, name, namespace, labels: platformLabels(name), body: { spec } };
}
