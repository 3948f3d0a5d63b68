import { k8s } from 'cdk8s-plus-27';
import { Assembly } from '../private/assembly';
import { ClaimSpec } from '../private/resolved';

const KEPT = { 'argocd.argoproj.io/sync-options': 'Prune=false', 'kustomize.toolkit.fluxcd.io/prune': 'disabled' };

/** Adds the claim of an axon's store, which outlives the axon: tools that prune are told to leave it. */
export function contributeClaim(assembly: Assembly, claim: ClaimSpec | undefined): void {
  if (claim === undefined) {
    return;
  }
  const { name, access, size, storageClass, folder } = claim;
  assembly.object('PersistentVolumeClaim', name, (scope, id) => new k8s.KubePersistentVolumeClaim(scope, id, {
    metadata: {
      name,
      namespace: assembly.namespace,
      labels: { ...assembly.labels('store') },
      annotations: KEPT,
    },
    spec: {
      accessModes: [access],
      // No class at all, or the default one would make a volume of its own.
      storageClassName: folder ? '' : storageClass,
      volumeName: folder?.volume,
      resources: { requests: { storage: k8s.Quantity.fromString(size) } },
    },
  }));
  if (folder !== undefined) {
    assembly.object('PersistentVolume', folder.volume, (scope, id) => new k8s.KubePersistentVolume(scope, id, {
      metadata: { name: folder.volume, labels: { ...assembly.labels('store') }, annotations: KEPT },
      spec: {
        capacity: { storage: k8s.Quantity.fromString(size) },
        accessModes: [access],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: '',
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: assembly.namespace, name },
        // Unlike a hostPath, a local volume is given to the pods' group, so that they can write into it.
        local: { path: folder.path },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/os', operator: 'In', values: ['linux'] }] }] } },
      },
    }));
  }
}
