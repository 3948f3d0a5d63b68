import { ContainerData } from './container';
import { Loop } from './loop';
import { mergedPods, PodData } from './pod';
import { TaskData } from './task';
import { TunerData } from './tuner';

/** The options of the pods of a task or a model server. */
export function podOf(loop: Loop, { pod }: ContainerData): PodData | undefined {
  return mergedPods(loop.pod, pod);
}

/** The options of the pods of a search's trials. */
export function trialPodOf(loop: Loop, task: TaskData, { pod }: TunerData): PodData | undefined {
  return mergedPods(loop.pod, task.pod, pod);
}
