import { PersistentVolumeClaimSpec } from '../crd/kube';
import { Loop } from '../loop/loop';
import { axonLabels } from './labels';
import { Manifest } from './manifest';

/** The claim of the store, unless it exists already. */
export function persistentVolumeClaims(loop: Loop): Manifest[] {
  const { claim } = loop.storage;
  if (claim === undefined) {
    return [];
  }
  const { name, access, size, storageClass, folder } = claim;
  const spec: PersistentVolumeClaimSpec = {
    accessModes: [access],
    // The empty class keeps the default class from provisioning another volume.
    storageClassName: folder ? '' : storageClass,
    volumeName: folder?.volume,
    resources: { requests: { storage: size } },
  };
  const { namespace } = loop;
  return [{ kind: 'PersistentVolumeClaim', id: name, name, namespace, labels: axonLabels(loop, 'store'), body: { spec } }];
}
