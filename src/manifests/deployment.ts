import { CONTAINER_SECURITY, LABEL, NO_SIDECAR } from '../contract/constants';
import { DeploymentSpec } from '../crd/kube';
import { PlatformObjectsData } from '../loop/platform';
import { platformLabels } from './labels';
import { Manifest } from './manifest';
import { podTemplate } from './pod';

const IMAGE = 'prom/pushgateway:v1.11.1';

/** The name of the Pushgateway's objects. Not `pushgateway`: a Service of that name sets PUSHGATEWAY_PORT=tcp://… in every pod of the namespace. */
export const PUSHGATEWAY = 'myelin-pushgateway';
/** The port of the Pushgateway's pod and Service. */
export const PUSHGATEWAY_PORT = 9091;
/** The labels of the Pushgateway's pods and Service. */
export const PUSHGATEWAY_SELECTOR = { [LABEL.PART_OF]: 'myelin', [LABEL.COMPONENT]: PUSHGATEWAY };

/** The Pushgateway of a platform that runs one. */
export function pushgatewayDeployment({ namespace, labels: users, pod }: PlatformObjectsData): Manifest {
  const name = PUSHGATEWAY;
  const labels = platformLabels(name);
  const spec: DeploymentSpec = {
    replicas: 1,
    selector: { matchLabels: PUSHGATEWAY_SELECTOR },
    template: podTemplate({ shared: users, loop: { ...labels, ...NO_SIDECAR } }, PUSHGATEWAY_SELECTOR, pod, {
      automountServiceAccountToken: false,
      container: {
        name,
        image: IMAGE,
        ports: [{ name: 'http', containerPort: PUSHGATEWAY_PORT }],
        readinessProbe: { httpGet: { path: '/-/ready', port: 'http' } },
        resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '256Mi' } },
        securityContext: CONTAINER_SECURITY,
      },
    }),
  };
  return { kind: 'Deployment', id: name, name, namespace, labels, body: { spec } };
}
