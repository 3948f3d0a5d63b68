import { k8s } from 'cdk8s-plus-27';
import { CONTAINER_SECURITY, NO_SIDECAR, POD_SECURITY, PROGRAM, RUNTIME_COMMAND } from '../contract/constants';
import { Assembly } from '../private/assembly';
import { fingerprint } from '../private/canonical';
import { ResolvedPlatform } from '../private/resolved';

/**
 * Adds the Job that makes the webhook's token, once: it creates the Secret with a random value and
 * leaves one that is there alone. A Job cannot be changed, so its name says what it runs.
 */
export function contributeBootstrap(assembly: Assembly, { webhookToken }: ResolvedPlatform, image: string): void {
  const account = 'myelin-bootstrap';
  const args = [PROGRAM.BOOTSTRAP, `--secret=${webhookToken.name}`, `--key=${webhookToken.key}`];
  const name = `${account}-${fingerprint({ image, args })}`;
  const labels = assembly.labels('bootstrap');
  assembly.account(account, 'bootstrap', [
    { apiGroups: [''], resources: ['secrets'], resourceNames: [webhookToken.name], verbs: ['get'] },
    // Creation cannot be limited to a name: it is not known yet when it is asked for.
    { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
  ]);
  assembly.object('Job', name, (scope, id) => new k8s.KubeJob(scope, id, {
    metadata: { name, namespace: assembly.namespace, labels },
    spec: {
      backoffLimit: 10,
      template: {
        metadata: { labels: { ...labels, ...NO_SIDECAR } },
        spec: {
          restartPolicy: 'OnFailure',
          serviceAccountName: account,
          securityContext: { ...POD_SECURITY },
          containers: [{
            name: 'bootstrap',
            image,
            command: [RUNTIME_COMMAND],
            args,
            env: [{ name: 'NAMESPACE', value: assembly.namespace }],
            resources: {
              requests: { cpu: k8s.Quantity.fromString('50m'), memory: k8s.Quantity.fromString('64Mi') },
              limits: { memory: k8s.Quantity.fromString('256Mi') },
            },
            securityContext: { ...CONTAINER_SECURITY },
          }],
        },
      },
    },
  }));
}
