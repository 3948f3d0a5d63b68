import { IResource } from 'cdk8s-plus-27';
import { PodOptions } from '../../common/pod-options';
import { Leaf } from '../schema/shape';

/** The values of a map of texts. */
export function texts(leaves: Record<string, Leaf<string>> | undefined): Record<string, string> | undefined {
  return leaves && Object.fromEntries(Object.entries(leaves).map(([key, { value }]) => [key, value]));
}

/**
 * An object that exists already, by its name, which is all that the constructs read. The imports of cdk8s-plus-27 would load that library,
 * and more than double the time in which the command starts.
 */
export function existing<T extends IResource>(name: string): T {
  return { name } as T;
}

/**
 * The pod options of a section. A file writes them in Kubernetes' own format, which the constructs pass on as it is.
 * @param nodeSelector that of a body, which stands beside its options
 */
export function podOptions(read: Readonly<Record<string, unknown>> | undefined, nodeSelector?: Record<string, string>): PodOptions | undefined {
  const options = read as PodOptions | undefined;
  return nodeSelector === undefined ? options : { ...options, nodeSelector: { ...nodeSelector, ...options?.nodeSelector } };
}
