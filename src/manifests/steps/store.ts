import { LABEL } from '../../contract/constants';
import { Store } from '../../contract/documents';
import { KubePart, Labels, Volume } from '../../crd/kube';
import { Loop } from '../../loop/loop';

/** The axon's store as a contract document has it. */
export function storeDocument({ storage: { access, claimName } }: Loop, path: string): Store {
  return { kind: 'claim', claim: claimName, path, ...(access && { access }) };
}

/** The axon's store as a pod mounts it. */
export function storeVolume({ storage }: Loop): Volume {
  return { name: 'store', persistentVolumeClaim: { claimName: storage.claimName } };
}

/**
 * Keeps the pods that share a claim on one node when only one node can mount it: each must run beside another one.
 * The first pod matches the rule itself, so the scheduler admits it.
 */
export function colocation({ storage: { access, claimName } }: Loop): { readonly labels?: Labels; readonly term?: KubePart } {
  if (access !== 'ReadWriteOnce') {
    return {};
  }
  const labels = { [LABEL.STORE]: claimName };
  return { labels, term: { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' } };
}
