import { PodOptions } from '../../common/pod-options';

/**
 * The pod options of a section. A file writes them in Kubernetes' own format, which the constructs pass on as it is.
 * @param nodeSelector that of a body, which stands beside its options
 */
export function podOptions(read: Readonly<Record<string, unknown>> | undefined, nodeSelector?: Record<string, string>): PodOptions | undefined {
  const options = read as PodOptions | undefined;
  return nodeSelector === undefined ? options : { ...options, nodeSelector: { ...nodeSelector, ...options?.nodeSelector } };
}
