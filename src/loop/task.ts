import { ContainerData } from './container';

/** A task as it was declared. */
export interface TaskData extends ContainerData {
  readonly kind: 'container' | 'training';
  /** The time limit of an attempt. */
  readonly timeoutSeconds: number;
  /** @default - `LOST_POD_RETRIES`, and only when the cluster lost the pod */
  readonly retries?: number;
  /** Names of the metrics that it publishes. @default - unknown */
  readonly metrics?: string[];
  readonly objective?: ObjectiveData;
  /** The tasks whose folders it can read. @default - see `inputsOf` */
  readonly inputs?: InputData[];
}

/** The metric that trainings are compared by. */
export interface ObjectiveData {
  readonly metric: string;
  readonly direction: 'maximize' | 'minimize';
}

/** A task whose folder another one reads; the path is absent when it was named by its identifier alone. */
export interface InputData {
  readonly identifier: string;
  readonly path?: string;
}

/** How often a pod that the cluster lost is created again when the user sets no number of retries. */
export const LOST_POD_RETRIES = 2;

/** The metrics that conditions may read: the objective counts as published. Empty when the task declares none. */
export function publishedMetrics({ metrics, objective }: TaskData): string[] {
  return metrics === undefined || objective === undefined ? metrics ?? [] : [...new Set([objective.metric, ...metrics])];
}
