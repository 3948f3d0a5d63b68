import { Store } from '../contract/documents';
import { Volume } from '../crd/kube';
import { Loop } from './loop';

/** The axon's store as a contract document has it. */
export function storeDocument(loop: Loop, path: string): Store {
  const { claim, claimName } = loop.identity.storage;
  return { kind: 'claim', claim: claimName, path, ...(claim && { access: claim.access }) };
}

/** The axon's store as a pod mounts it. */
export function storeVolume(loop: Loop): Volume {
  return { name: 'store', persistentVolumeClaim: { claimName: loop.identity.storage.claimName } };
}
