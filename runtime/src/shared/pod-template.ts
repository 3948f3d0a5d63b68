import { POD_SECURITY } from '../contract/constants.js';
import type { Pod, PodFields, PodVolume, Store } from '../contract/documents.js';
import { joinedLabels } from '../contract/labels.js';
import { withPodAffinityTerm, withSpreadSelector } from '../contract/placement.js';
import { oneNode } from './one-node.js';

/** What the loop sets in a pod. */
export interface OwnPod {
  /** Labels of the document, which options of the pod can replace. */
  readonly shared?: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Labels by which these pods are found, and counted by a constraint on their spread that has no label selector. */
  readonly group: Readonly<Record<string, string>>;
  readonly store: Store;
  readonly volumes: readonly PodVolume[];
}

/** Metadata of a pod, and the fields of its spec that a user can add to. */
export interface PodTemplate {
  readonly metadata: { labels: Record<string, string>; annotations?: Record<string, string> };
  readonly spec: PodFields & Required<Pick<PodFields, 'securityContext' | 'volumes'>>;
}

/** Joins the pod options of a user with what the loop sets, so that both hold. */
export function podTemplate({ labels, annotations, spec = {} }: Pod = {}, own: OwnPod): PodTemplate {
  const { affinity, topologySpreadConstraints, securityContext, volumes = [], ...fields } = spec;
  const node = oneNode(own.store);
  const placed = node.term === undefined ? affinity : withPodAffinityTerm(affinity, node.term);
  return {
    metadata: {
      labels: joinedLabels({ shared: own.shared, pod: labels, loop: { ...own.labels, ...own.group, ...node.labels } }),
      ...(annotations && { annotations }),
    },
    spec: {
      ...fields,
      ...(placed && { affinity: placed }),
      ...(topologySpreadConstraints && { topologySpreadConstraints: withSpreadSelector(topologySpreadConstraints, own.group) }),
      securityContext: { ...POD_SECURITY, ...securityContext },
      volumes: [...own.volumes, ...volumes],
    },
  };
}
