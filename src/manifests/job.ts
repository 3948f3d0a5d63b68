import { CONTAINER_SECURITY, NO_SIDECAR, RUNTIME_COMMAND } from '../contract/constants';
import { JobSpec } from '../crd/kube';
import { canonicalJson, fingerprint } from '../loop/canonical';
import { BOOTSTRAP } from '../loop/names';
import { PlatformObjectsData } from '../loop/platform';
import { platformLabels } from './labels';
import { Manifest } from './manifest';
import { podTemplate } from './pod';
import { Account } from './rbac';

/**
 * The Job that creates the webhook's token with a random value; it leaves an existing one alone. A Job
 * cannot be changed, so its name ends in a hash of its spec.
 */
export function bootstrapJob({ namespace, platform: { webhookToken }, runtimeImage: image, labels: users, pod }: PlatformObjectsData): Manifest {
  const labelled = users === undefined ? [] : [`--labels=${canonicalJson(users)}`];
  const args = ['bootstrap', `--secret=${webhookToken.name}`, `--key=${webhookToken.key}`, ...labelled];
  const labels = platformLabels('bootstrap');
  const spec: JobSpec = {
    backoffLimit: 10,
    template: podTemplate({ shared: users, loop: { ...labels, ...NO_SIDECAR } }, labels, pod, {
      restartPolicy: 'OnFailure',
      serviceAccountName: BOOTSTRAP,
      container: {
        name: 'bootstrap',
        image,
        command: [RUNTIME_COMMAND],
        args,
        env: [{ name: 'NAMESPACE', value: namespace }],
        resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '256Mi' } },
        securityContext: CONTAINER_SECURITY,
      },
    }),
  };
  return { kind: 'Job', id: BOOTSTRAP, name: `${BOOTSTRAP}-${fingerprint(spec)}`, namespace, labels, body: { spec } };
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
