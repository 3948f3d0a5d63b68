import { LABEL } from '../../contract/constants';
import { Problem } from '../../problem/problem';
import { Loop } from '../loop';
import { metadataProblems, podProblems } from './pod/pod';

/** Checks what an axon adds to all its objects and pods. */
export function axonProblems({ path, labels, chartLabels, annotations, pod, stepPod, tasks, servers }: Loop): Problem[] {
  const sources = [...tasks, ...servers].flatMap(({ image }) => image.recipe?.source?.path ?? []);
  const reserved = [LABEL.SIDECAR];
  return [
    ...metadataProblems(path, { labels, chartLabels, annotations, reserved }),
    ...podProblems(pod, { path, prop: 'pod', labels: reserved }),
    ...podProblems(stepPod, { path, prop: 'stepPod', labels: reserved, paths: sources }),
  ];
}
