import { k8s } from 'cdk8s-plus-27';
import { ALERT_PORT, GRAPH_PORT, LABEL, METRICS_PORT_NAME, METRICS_SERVICE_PORT, SERVER_PORT, WEBHOOK_PORT } from '../contract/constants';
import { ServiceMonitorSpec } from '../crd/monitoring';
import { Assembly } from '../private/assembly';
import { Loop } from '../private/loop';

/**
 * Adds the policy that says who may call the axon's pods, and what Prometheus scrapes of them: the
 * models and the events alike, by the port that each of them calls `metrics`.
 */
export function contributeNetwork(assembly: Assembly, loop: Loop): void {
  const { name, namespace, platform } = loop.identity;
  assembly.object('NetworkPolicy', name, (scope, id) => new k8s.KubeNetworkPolicy(scope, id, {
    metadata: { name, namespace, labels: { ...assembly.labels('network') } },
    spec: {
      podSelector: { matchLabels: { [LABEL.AXON]: name } },
      policyTypes: ['Ingress'],
      ingress: [
        { from: [{ podSelector: { matchLabels: { [LABEL.AXON]: name } } }] },
        { from: [inNamespace(platform.istioNamespace)], ports: SERVING_PORTS.map(tcp) },
        // Whoever has the token may call from anywhere in the cluster.
        { from: [{ namespaceSelector: {} }], ports: [tcp(WEBHOOK_PORT)] },
        {
          from: [inNamespace(platform.monitoringNamespace)],
          ports: [...(assembly.alerts.length > 0 ? [tcp(ALERT_PORT)] : []), tcp(METRICS_PORT_NAME)],
        },
      ],
    },
  }));
  const labels = { [LABEL.AXON]: name, [LABEL.METRICS]: 'true' };
  assembly.object('Service', `${name}-metrics`, (scope, id) => new k8s.KubeService(scope, id, {
    metadata: { name: `${name}-metrics`, namespace, labels: { ...assembly.labels('metrics'), [LABEL.JOB]: name } },
    spec: {
      clusterIp: 'None',
      selector: labels,
      ports: [{ name: 'http-metrics', port: METRICS_SERVICE_PORT, targetPort: k8s.IntOrString.fromString(METRICS_PORT_NAME) }],
    },
  }));
  const monitor: ServiceMonitorSpec = {
    jobLabel: LABEL.JOB,
    selector: { matchLabels: { [LABEL.AXON]: name, [LABEL.COMPONENT]: 'metrics' } },
    endpoints: [{ port: 'http-metrics', path: '/metrics', interval: '15s', honorLabels: false }],
  };
  assembly.custom('monitoring.coreos.com/v1', 'ServiceMonitor', name, 'metrics', monitor, platform.monitoringLabels);
}

/** The front of a model, and the graph server. */
const SERVING_PORTS = [SERVER_PORT, GRAPH_PORT];

function inNamespace(name: string): k8s.NetworkPolicyPeer {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } };
}

function tcp(port: number | string): k8s.NetworkPolicyPort {
  return { protocol: 'TCP', port: typeof port === 'number' ? k8s.IntOrString.fromNumber(port) : k8s.IntOrString.fromString(port) };
}
