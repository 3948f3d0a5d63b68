import { LABEL } from '../../contract/constants';
import { Problem } from '../../problem/problem';
import { PlatformObjectsData } from '../platform';
import { metadataProblems, podProblems } from './pod/pod';

/** Checks what a platform adds to its pods. */
export function platformProblems(path: string, { labels, chartLabels, pod }: PlatformObjectsData): Problem[] {
  const reserved = [LABEL.SIDECAR];
  return [...metadataProblems(path, { labels, chartLabels, reserved }), ...podProblems(pod, { path, prop: 'pod', labels: reserved })];
}
