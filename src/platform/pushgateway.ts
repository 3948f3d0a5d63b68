import { k8s } from 'cdk8s-plus-27';
import { CONTAINER_SECURITY, LABEL, NO_SIDECAR, POD_SECURITY } from '../contract/constants';
import { ServiceMonitorSpec } from '../crd/monitoring';
import { Assembly } from '../private/assembly';
import { ResolvedPlatform } from '../private/resolved';

const IMAGE = 'prom/pushgateway:v1.11.1';
const PORT = 9091;

/** Adds a Pushgateway for the metrics that tasks push. Prometheus must keep the labels that were pushed, not its own. */
export function contributePushgateway(assembly: Assembly, platform: ResolvedPlatform): void {
  const name = 'myelin-pushgateway'; // 'pushgateway' would put PUSHGATEWAY_PORT=tcp://… into every pod of the namespace
  const labels = assembly.labels(name);
  const selector = { [LABEL.PART_OF]: 'myelin', [LABEL.COMPONENT]: name };
  assembly.object('Deployment', name, (scope, id) => new k8s.KubeDeployment(scope, id, {
    metadata: { name, namespace: assembly.namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: selector },
      template: {
        metadata: { labels: { ...labels, ...NO_SIDECAR } },
        spec: {
          automountServiceAccountToken: false,
          securityContext: { ...POD_SECURITY },
          containers: [{
            name,
            image: IMAGE,
            ports: [{ name: 'http', containerPort: PORT }],
            readinessProbe: { httpGet: { path: '/-/ready', port: k8s.IntOrString.fromString('http') } },
            resources: {
              requests: { cpu: k8s.Quantity.fromString('20m'), memory: k8s.Quantity.fromString('64Mi') },
              limits: { memory: k8s.Quantity.fromString('256Mi') },
            },
            securityContext: { ...CONTAINER_SECURITY },
          }],
        },
      },
    },
  }));
  assembly.object('Service', name, (scope, id) => new k8s.KubeService(scope, id, {
    metadata: { name, namespace: assembly.namespace, labels },
    spec: { selector, ports: [{ name: 'http', port: PORT, targetPort: k8s.IntOrString.fromString('http') }] },
  }));
  const monitor: ServiceMonitorSpec = {
    jobLabel: LABEL.NAME,
    selector: { matchLabels: selector },
    endpoints: [{ port: 'http', path: '/metrics', interval: '15s', honorLabels: true }],
  };
  assembly.custom('monitoring.coreos.com/v1', 'ServiceMonitor', name, name, monitor, platform.monitoringLabels);
}
