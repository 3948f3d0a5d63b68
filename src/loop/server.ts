import { ContainerData } from './container';

/** A model server as it was declared. */
export interface ServerData extends ContainerData {
  /** The prediction class. @default - the image's variable `MODEL_NAME` */
  readonly predictor?: string;
}
