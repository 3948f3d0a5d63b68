import { PersistentVolumeSpec } from '../crd/kube';
import { Loop } from '../loop/loop';
import { axonLabels } from './labels';
import { Manifest } from './manifest';

/** The volume that stands for a folder of the node, when the store is one. */
export function persistentVolumes(loop: Loop): Manifest[] {
  const { claim } = loop.storage;
  if (claim?.folder === undefined) {
    return [];
  }
  const spec: PersistentVolumeSpec = {
    capacity: { storage: claim.size },
    accessModes: [claim.access],
    persistentVolumeReclaimPolicy: 'Retain',
    storageClassName: '',
    claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: loop.namespace, name: claim.name },
    // Kubernetes gives a local volume to the pods' group, which can then write into it; it does not do so for a hostPath.
    local: { path: claim.folder.path },
    nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/os', operator: 'In', values: ['linux'] }] }] } },
  };
  const name = claim.folder.volume;
  return [{ kind: 'PersistentVolume', id: name, name, labels: axonLabels(loop, 'store'), body: { spec } }];
}
