import { choice, count, part, word } from './part';
import { dictionary, list, may } from './section';

const requirement = (...operators: string[]) => part('a condition', {
  key: may(word(), 'The key of the label.'),
  operator: may(choice(...operators), 'How the value is compared.'),
  values: may(list('a value', word()), 'The values to compare with.'),
});

const ofPods = requirement('In', 'NotIn', 'Exists', 'DoesNotExist');
const ofNodes = requirement('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt');

export const labelSelector = part('a label selector', {
  matchLabels: may(dictionary(word()), 'Labels that the pods carry.'),
  matchExpressions: may(list('a condition', ofPods), 'Conditions on labels of the pods.'),
});

const nodeTerm = part('a node selector term', {
  matchExpressions: may(list('a condition', ofNodes), 'Conditions on labels of the node.'),
  matchFields: may(list('a condition', ofNodes), 'Conditions on fields of the node.'),
});

const podTerm = part('a pod affinity term', {
  labelSelector: may(labelSelector, 'The pods that are meant.'),
  topologyKey: may(word(), 'The node label by whose values nodes are grouped.'),
  namespaces: may(list('a namespace', word()), 'The namespaces of those pods.'),
  namespaceSelector: may(labelSelector, 'Labels of the namespaces of those pods.'),
});

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

const podAffinity = part('a pod affinity', {
  [required]: may(list('a term', podTerm), 'Terms that must hold.'),
  [preferred]: may(list('a preference', part('a preference', {
    weight: may(count(), 'How much the term counts, from 1 to 100.'),
    podAffinityTerm: may(podTerm, 'The term.'),
  })), 'Terms that should hold.'),
});

export const affinity = part('an affinity', {
  nodeAffinity: may(part('a node affinity', {
    [required]: may(part('a node selector', { nodeSelectorTerms: may(list('a term', nodeTerm), 'Terms, one of which must hold.') }), 'What must hold.'),
    [preferred]: may(list('a preference', part('a preference', {
      weight: may(count(), 'How much the term counts, from 1 to 100.'),
      preference: may(nodeTerm, 'The term.'),
    })), 'What should hold.'),
  }), 'Rules about the nodes that run the pods.'),
  podAffinity: may(podAffinity, 'Pods that must or should run near.'),
  podAntiAffinity: may(podAffinity, 'Pods that must or should not run near.'),
});

export const topologySpreadConstraint = part('a topology spread constraint', {
  maxSkew: may(count(), 'By how many pods groups of nodes may differ.'),
  topologyKey: may(word(), 'The node label by whose values nodes are grouped.'),
  whenUnsatisfiable: may(choice('DoNotSchedule', 'ScheduleAnyway'), 'What happens to a pod that would break the constraint.'),
  labelSelector: may(labelSelector, 'The pods that are counted. Without it, those of the same server, search or axon.'),
  matchLabelKeys: may(list('a key of a label', word()), 'Keys of labels whose values the counted pods share with the pod.'),
  minDomains: may(count(), 'The least number of groups.'),
  nodeAffinityPolicy: may(choice('Honor', 'Ignore'), 'Whether nodes that the affinity excludes are left out.'),
  nodeTaintsPolicy: may(choice('Honor', 'Ignore'), 'Whether nodes with taints that the pod does not tolerate are left out.'),
});

export const toleration = part('a toleration', {
  key: may(word(), 'The key of the taint. Without it, every key.'),
  operator: may(choice('Exists', 'Equal'), 'How the value is compared.'),
  value: may(word(), 'The value of the taint.'),
  effect: may(choice('NoSchedule', 'PreferNoSchedule', 'NoExecute'), 'The effect of the taint. Without it, every effect.'),
  tolerationSeconds: may(count(), 'How long a pod stays on the node after the taint appears.'),
});
