import { Construct } from 'constructs';
import { Objective } from './objective';
import { Task } from './task';
import { TaskProps } from './task-props';

/** Properties of a `TrainingTask`. */
export interface TrainingTaskProps extends TaskProps {
  /**
   * The metric that trainings are compared by. Required with a tuner.
   * @default - none
   */
  readonly objective?: Objective;
}

/**
 * A program that trains a model: it writes the model into the folder `MODEL_PATH` and publishes metrics. With a tuner,
 * each trial of the search runs it once, and the best trial is the task's result.
 */
export class TrainingTask extends Task {
  /** The metric that trainings are compared by. */
  public readonly objective?: Objective;

  constructor(scope: Construct, id: string, props: TrainingTaskProps) {
    super(scope, id, props);
    this.objective = props.objective;
    this._declare({ kind: 'training', objective: props.objective?._toData() });
  }
}
