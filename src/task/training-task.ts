import { Construct } from 'constructs';
import { invalid } from '../problem/error';
import { Objective } from './objective';
import { Task } from './task';
import { TaskProps } from './task-props';

/** What a training task can be given. */
export interface TrainingTaskProps extends TaskProps {
  /**
   * The metric that trainings are compared by. A tuner needs it.
   * @default - none
   */
  readonly objective?: Objective;
}

/**
 * A program that trains a model: it writes the model into the folder `MODEL_PATH` and publishes
 * metrics. With a tuner it runs as many times as the search asks for, and the best result counts.
 */
export class TrainingTask extends Task {
  /** The metric that trainings are compared by. */
  public readonly objective?: Objective;

  constructor(scope: Construct, name: string, props: TrainingTaskProps) {
    if (props.image === undefined) {
      throw invalid('required', 'image', undefined, 'is required', "give it as 'Image.fromRegistry(…)' or 'Image.fromDockerfile(…)'");
    }
    super(scope, name, props);
    this.objective = props.objective;
    this._declare({ kind: 'training', objective: props.objective?._toData() });
  }
}
