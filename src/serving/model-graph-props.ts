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

  /**
   * The models. A graph needs one, and graphs of several models are not supported yet.
   * @default - none: call `addModel`
   */
  readonly models?: Model[];

  /**
   * The number of pods of each backend and version.
   * @default 1
   */
  readonly replicas?: number;

  /**
   * How traffic is divided over versions.
   * @default Rollout.newestOnly()
   */
  readonly rollout?: Rollout;

  /**
   * The public paths. `addRoute` adds further ones.
   * @default - `/predict` and `/send-feedback`, both to the first model, if `addRoute` adds none
   */
  readonly routes?: Route[];

  /**
   * What is recorded of requests, predictions and feedback.
   * @default - nothing is recorded
   */
  readonly capture?: DataCapture;

  /**
   * The number of versions that stay deployed, which clients can call by their own addresses and which the rollout can use.
   * @default - the number of generations that the rollout names
   */
  readonly revisionHistoryLimit?: number;
}
