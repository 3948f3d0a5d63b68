import { affinity, toleration, topologySpreadConstraint } from './affinity-shape';
import { choice, count, part, truth, word } from './part';
import { dictionary, list, may, must } from './section';
import { podVolume, podVolumeMount } from './volume-shape';

const securityContext = part('a security context', {
  runAsUser: may(count(), 'The user, not root.'),
  runAsGroup: may(count(), 'The first group of the user.'),
  runAsNonRoot: may(truth(), 'Whether root is refused.'),
  fsGroup: may(count(), 'The group that owns the volumes.'),
  fsGroupChangePolicy: may(choice('OnRootMismatch', 'Always'), 'When the owner of the files is changed.'),
  supplementalGroups: may(list('a group', count()), 'More groups of the user.'),
  seccompProfile: may(part('a seccomp profile', {
    type: may(choice('RuntimeDefault', 'Localhost'), 'Whose profile it is.'),
    localhostProfile: may(word(), 'The file of the profile on the node.'),
  }), 'Which system calls are allowed.'),
  seLinuxOptions: may(part('SELinux options', {
    level: may(word(), 'The level.'),
    type: may(word(), 'The type.'),
    user: may(word(), 'The user.'),
    role: may(word(), 'The role.'),
  }), 'Labels of SELinux.'),
  sysctls: may(list('a kernel parameter', part('a kernel parameter', {
    name: must(word(), 'The name of the parameter.'),
    value: must(word(), 'The value.'),
  })), 'Kernel parameters.'),
});

/** Options of pods; the keys are those of a Kubernetes pod. */
export const pod = part('pod options', {
  labels: may(dictionary(word()), 'Labels of the pods.'),
  annotations: may(dictionary(word()), 'Annotations of the pods.'),
  nodeSelector: may(dictionary(word()), 'Labels of the nodes that can run the pods.'),
  affinity: may(affinity, 'Rules about the nodes that run the pods, and about the pods beside them.'),
  tolerations: may(list('a toleration', toleration), 'The taints of nodes that the pods tolerate.'),
  topologySpreadConstraints: may(list('a constraint', topologySpreadConstraint), 'How the pods are spread over zones or nodes.'),
  priorityClassName: may(word(), 'The PriorityClass of the pods.'),
  runtimeClassName: may(word(), 'The RuntimeClass of the pods.'),
  imagePullSecrets: may(list('a pull secret', part('a pull secret', { name: must(word(), 'The name of the Secret.') })), 'Logins to the registries of the images.'),
  volumes: may(list('a volume', podVolume), 'Volumes besides those of the loop.'),
  volumeMounts: may(list('a mount', podVolumeMount), 'Where the container mounts them.'),
  securityContext: may(securityContext, 'The security context of the pods.'),
});
