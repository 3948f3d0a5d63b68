import { ISecret, k8s } from 'cdk8s-plus-27';

/**
 * Options of pods. They are added to what the loop sets in a pod.
 *
 * Options merge from the axon to the workload: maps (labels, annotations, node selector, security context) by key, where the value of the
 * workload wins; lists (tolerations, pull secrets, volumes, mounts) are joined; every other option is replaced.
 */
export interface PodOptions {
  /**
   * Labels of the pods.
   * @default - those of the axon
   */
  readonly labels?: Record<string, string>;

  /**
   * Annotations of the pods.
   * @default - none
   */
  readonly annotations?: Record<string, string>;

  /**
   * Labels of the nodes that can run the pods.
   * @default - every node
   */
  readonly nodeSelector?: Record<string, string>;

  /**
   * Rules about the nodes that run the pods, and about the pods beside them.
   * @default - none. Pods that share a ReadWriteOnce claim run on one node
   */
  readonly affinity?: k8s.Affinity;

  /**
   * The taints of nodes that the pods tolerate.
   * @default - none
   */
  readonly tolerations?: k8s.Toleration[];

  /**
   * How the pods are spread over zones or nodes. A constraint without a label selector counts the pods of the same server, search or axon.
   * @default - as the scheduler of the cluster spreads them
   */
  readonly topologySpreadConstraints?: k8s.TopologySpreadConstraint[];

  /**
   * The PriorityClass of the pods.
   * @default - the default class of the cluster
   */
  readonly priorityClassName?: string;

  /**
   * The RuntimeClass of the pods.
   * @default - the runtime of the node
   */
  readonly runtimeClassName?: string;

  /**
   * The Secrets with logins to the registries of the images.
   * @default - the login of the platform, if it has one
   */
  readonly imagePullSecrets?: ISecret[];

  /**
   * Volumes besides those of the loop: Secrets, ConfigMaps, claims, empty folders and other types that Pod Security `restricted` admits.
   * @default - none
   */
  readonly volumes?: k8s.Volume[];

  /**
   * Where the container mounts those volumes.
   * @default - nowhere
   */
  readonly volumeMounts?: k8s.VolumeMount[];

  /**
   * The security context of the pods, within Pod Security `restricted`.
   * @default - user, group and file system group 1000, and the seccomp profile of the runtime
   */
  readonly securityContext?: k8s.PodSecurityContext;
}
