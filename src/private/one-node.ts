import { LABEL } from '../contract/constants';
import { Template } from '../crd/argo-workflows';
import { Affinity, Labels } from '../crd/kube';
import { Loop } from './loop';

/**
 * What keeps pods together that share a claim which one node mounts at a time: each must run where
 * another one runs. The first finds no other and is let pass, because it matches the rule itself.
 */
export function oneNode(loop: Loop): Pick<Template, 'affinity' | 'metadata'> {
  const { claim } = loop.identity.storage;
  if (claim?.access !== 'ReadWriteOnce') {
    return {};
  }
  const labels: Labels = { [LABEL.STORE]: claim.name };
  const affinity: Affinity = {
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' }],
    },
  };
  return { affinity, metadata: { labels } };
}
