import { ContainerResources } from 'cdk8s-plus-27';

/** Requests and limits of a container. */
export interface ComputeResources extends ContainerResources {
  /**
   * Extended resources by name, for instance `{ 'nvidia.com/gpu': 1 }`. Request and limit of an extended resource are equal.
   * @default - none
   */
  readonly extendedResources?: Record<string, number>;
}
