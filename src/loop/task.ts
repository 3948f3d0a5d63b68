import { ImageData } from './image';
import { SecretKeyRef } from './secret-key';

/** A task as it was declared. */
export interface TaskData {
  /** The construct's path. */
  readonly path: string;
  readonly identifier: string;
  /** The name as the user wrote it. */
  readonly userName: string;
  readonly kind: 'container' | 'training' | 'deploy';
  readonly image: ImageData;
  readonly args?: string[];
  readonly env: Readonly<Record<string, string>>;
  readonly secretEnv: Readonly<Record<string, SecretKeyRef>>;
  readonly resources?: ResourcesData;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** After how many seconds an attempt is given up. */
  readonly timeoutSeconds: number;
  /** @default - `LOST_POD_RETRIES`, and only when the cluster lost the pod */
  readonly retries?: number;
  /** Names of the metrics that it publishes. @default - not said */
  readonly metrics?: string[];
  readonly objective?: ObjectiveData;
  /** The tasks whose folders it can read. @default - see `inputsOf` */
  readonly inputs?: InputData[];
  /** The prediction class of a deploy task. @default - the image's variable `MODEL_NAME` */
  readonly predictor?: string;
}

/** Requests and limits of a container, as Kubernetes quantities by resource. */
export interface ResourcesData {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

/** The metric that trainings are compared by. */
export interface ObjectiveData {
  readonly metric: string;
  readonly direction: 'maximize' | 'minimize';
}

/** A task that another one reads; the path is absent when it was named by its identifier alone. */
export interface InputData {
  readonly identifier: string;
  readonly path?: string;
}

/** How often a pod that the cluster lost is made again when the user sets no number of retries. */
export const LOST_POD_RETRIES = 2;

/** The metrics that conditions may ask for: the objective counts as published. Empty when the task does not say. */
export function publishedMetrics({ metrics, objective }: TaskData): string[] {
  return metrics === undefined || objective === undefined ? metrics ?? [] : [...new Set([objective.metric, ...metrics])];
}
