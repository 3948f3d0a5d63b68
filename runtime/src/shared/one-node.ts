import { LABEL } from '../contract/constants.js';
import type { Store } from '../contract/documents.js';

/** The label and the affinity of a pod that mounts a store. */
export interface OneNode {
  readonly labels?: Record<string, string>;
  readonly affinity?: object;
}

/** Keeps the pods that mount a ReadWriteOnce claim on one node, because only one node can mount it; any other claim adds nothing. */
export function oneNode({ claim, access }: Store): OneNode {
  if (access !== 'ReadWriteOnce') return {};
  const labels = { [LABEL.STORE]: claim };
  return {
    labels,
    affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' }] } },
  };
}
