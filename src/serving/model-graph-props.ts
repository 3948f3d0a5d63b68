import { Rollout } from '../routing/rollout';
import { DataCapture } from './data-capture';
import { Model } from './model';
import { Route } from './route';

/** Properties of a `ModelGraph`. */
export interface ModelGraphProps {
  /**
   * The name of the model graph in metrics and records. No task of the axon may have it.
   * @default - the id of the construct
   */
  readonly modelName?: string;

  /** The models. One for now: joins and chains of several are not supported yet. */
  readonly models: Model[];

  /**
   * Pods of each version.
   * @default 1
   */
  readonly replicas?: number;

  /**
   * How traffic moves from version to version.
   * @default Rollout.newestOnly()
   */
  readonly rollout?: Rollout;

  /**
   * The public paths.
   * @default - `/predict` and `/send-feedback`, both to the only model
   */
  readonly routes?: Route[];

  /**
   * What is kept of requests, answers and truths.
   * @default - nothing
   */
  readonly capture?: DataCapture;

  /**
   * How many versions stay deployed, so that they can be called by their own address or rolled back to.
   * @default - as many as the rollout speaks of
   */
  readonly retention?: number;
}
