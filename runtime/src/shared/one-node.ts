import { LABEL } from '../contract/constants.js';
import type { Store } from '../contract/documents.js';

/** The label and the term of affinity of a pod that mounts a store. */
export interface OneNode {
  readonly labels?: Record<string, string>;
  readonly term?: Readonly<Record<string, unknown>>;
}

/** Keeps the pods that mount a ReadWriteOnce claim on one node, because only one node can mount it; any other claim adds nothing. */
export function oneNode({ claim, access }: Store): OneNode {
  if (access !== 'ReadWriteOnce') return {};
  const labels = { [LABEL.STORE]: claim };
  return { labels, term: { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' } };
}
