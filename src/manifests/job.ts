import { CONTAINER_SECURITY, NO_SIDECAR, POD_SECURITY, RUNTIME_COMMAND } from '../contract/constants';
import { JobSpec } from '../crd/kube';
import { fingerprint } from '../loop/canonical';
import { PlatformObjectsData } from '../loop/platform';
import { platformLabels } from './labels';
import { Manifest } from './manifest';
import { Account } from './rbac';

const BOOTSTRAP = 'myelin-bootstrap';

/**
 * The Job that creates the webhook's token with a random value; it leaves an existing one alone. A Job
 * cannot be changed, so its name ends in a hash of what it runs.
 */
export function bootstrapJob({ namespace, platform: { webhookToken }, runtimeImage: image }: PlatformObjectsData): Manifest {
  const args = ['bootstrap', `--secret=${webhookToken.name}`, `--key=${webhookToken.key}`];
  const labels = platformLabels('bootstrap');
  const spec: JobSpec = {
    backoffLimit: 10,
    template: {
      metadata: { labels: { ...labels, ...NO_SIDECAR } },
      spec: {
        restartPolicy: 'OnFailure',
        serviceAccountName: BOOTSTRAP,
        securityContext: POD_SECURITY,
        containers: [{
          name: 'bootstrap',
          image,
          command: [RUNTIME_COMMAND],
          args,
          env: [{ name: 'NAMESPACE', value: namespace }],
          resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '256Mi' } },
          securityContext: CONTAINER_SECURITY,
        }],
      },
    },
  };
  return { kind: 'Job', id: BOOTSTRAP, name: `${BOOTSTRAP}-${fingerprint({ image, args })}`, namespace, labels, body: { spec } };
}

/** The account of the bootstrap Job, which creates the token's Secret. */
export function bootstrapAccount({ platform: { webhookToken } }: PlatformObjectsData): Account {
  return {
    name: BOOTSTRAP,
    labels: platformLabels('bootstrap'),
    rules: [
      { apiGroups: [''], resources: ['secrets'], resourceNames: [webhookToken.name], verbs: ['get'] },
      // RBAC cannot limit creation to a name.
      { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
    ],
  };
}
