import { Duration } from 'cdk8s';
import { ContainerProps } from './container-props';

/** A task, as others refer to it. */
export interface ITask {
  /** Its name, as user code sees it. */
  readonly taskName: string;

  /** Its identifier in manifests and records: lower case, with dashes. */
  readonly identifier: string;
}

/** Properties that all tasks have in common. */
export interface TaskProps extends ContainerProps {
  /**
   * The name of the task, unique among the tasks and model servers of an axon. User code sees it in `TASK_ID` and `DATA_PATH_<name>`.
   * @default - the id of the construct
   */
  readonly taskName?: string;

  /**
   * The time limit of an attempt.
   * @default Duration.days(1)
   */
  readonly timeout?: Duration;

  /**
   * How often a failed attempt is repeated.
   * @default - twice, and only when the cluster lost the pod: a failure of the code itself is final
   */
  readonly retries?: number;

  /**
   * Names of the metrics that the task publishes. Conditions on any other metric are then rejected.
   * @default - conditions may read any metric
   */
  readonly metrics?: string[];

  /**
   * The tasks whose output folders this task can read, in the variables `DATA_PATH_<name>`.
   * @default - all tasks of the axon; in axons of more than 24 tasks those of the stage before it
   */
  readonly inputs?: ITask[];
}
