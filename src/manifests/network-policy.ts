import { ALERT_PORT, GRAPH_PORT, LABEL, METRICS_PORT_NAME, SERVER_PORT, WEBHOOK_PORT } from '../contract/constants';
import { NetworkPolicyPeer, NetworkPolicySpec } from '../crd/kube';
import { alertsOf } from '../loop/events';
import { Loop } from '../loop/loop';
import { axonLabels } from './labels';
import { Manifest } from './manifest';

/** Limits the connections to an axon's pods. */
export function networkPolicy(loop: Loop): Manifest {
  const { name, namespace, platform } = loop;
  const pods = { matchLabels: { [LABEL.AXON]: name } };
  const spec: NetworkPolicySpec = {
    podSelector: pods,
    policyTypes: ['Ingress'],
    ingress: [
      { from: [{ podSelector: pods }] },
      { from: [inNamespace(platform.istioNamespace)], ports: [SERVER_PORT, GRAPH_PORT].map(tcp) },
      // Webhooks authenticate by token, so any namespace may call them.
      { from: [{ namespaceSelector: {} }], ports: [tcp(WEBHOOK_PORT)] },
      {
        from: [inNamespace(platform.monitoringNamespace)],
        ports: [...(alertsOf(loop).length > 0 ? [tcp(ALERT_PORT)] : []), tcp(METRICS_PORT_NAME)],
      },
    ],
  };
  return { kind: 'NetworkPolicy', id: name, name, namespace, labels: axonLabels(loop, 'network'), body: { spec } };
}

function inNamespace(name: string): NetworkPolicyPeer {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } };
}

function tcp(port: number | string) {
  return { protocol: 'TCP', port };
}
