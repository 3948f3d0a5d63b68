import { ImageData } from './image';
import { PodData } from './pod';
import { SecretKeyRef } from './secret-key';

/** A container of user code as it was declared: what tasks and model servers have in common. */
export interface ContainerData {
  /** The construct's path. */
  readonly path: string;
  /** Unique among the tasks and model servers of an axon. */
  readonly identifier: string;
  /** The name as the user wrote it. */
  readonly userName: string;
  readonly image: ImageData;
  readonly args?: string[];
  readonly env: Readonly<Record<string, string>>;
  readonly secretEnv: Readonly<Record<string, SecretKeyRef>>;
  readonly resources?: ResourcesData;
  /** Options of its pods, besides those of the axon. */
  readonly pod?: PodData;
  /** An existing service account. @default - the account of the axon's tasks, or of its model servers */
  readonly serviceAccount?: string;
}

/** Requests and limits of a container, as Kubernetes quantities by resource. */
export interface ResourcesData {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}
