import { k8s } from 'cdk8s-plus-27';
import { Assembly } from '../private/assembly';
import { ClaimSpec } from '../private/resolved';

/** Adds the claim of an axon's store, which outlives the axon: tools that prune are told to leave it. */
export function contributeClaim(assembly: Assembly, claim: ClaimSpec | undefined): void {
  if (claim === undefined) {
    return;
  }
  const { name, access, size, storageClass } = claim;
  assembly.object('PersistentVolumeClaim', name, (scope, id) => new k8s.KubePersistentVolumeClaim(scope, id, {
    metadata: {
      name,
      namespace: assembly.namespace,
      labels: { ...assembly.labels('store') },
      annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false', 'kustomize.toolkit.fluxcd.io/prune': 'disabled' },
    },
    spec: { accessModes: [access], storageClassName: storageClass, resources: { requests: { storage: k8s.Quantity.fromString(size) } } },
  }));
}
