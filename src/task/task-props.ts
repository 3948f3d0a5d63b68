import { Duration } from 'cdk8s';
import { SecretValue } from 'cdk8s-plus-27';
import { ComputeResources } from '../common/compute-resources';
import { Image } from '../image/image';

/** A task, as others refer to it. */
export interface ITask {
  /** Its identifier in manifests and records: lower case, with dashes. */
  readonly identifier: string;
}

/** What a container is made of, whatever runs in it. */
export interface ContainerProps {
  /** What runs: an image by name, or the source that one is built from. */
  readonly image: Image;

  /**
   * Arguments of the command.
   * @default - those of the image
   */
  readonly args?: string[];

  /**
   * Environment variables. Values may hold `{{workflow.parameters.NAME}}`, which stands for a
   * parameter of the axon.
   * @default - only those that the loop sets
   */
  readonly env?: Record<string, string>;

  /**
   * Environment variables whose values are in Secrets.
   * @default - none
   */
  readonly secretEnv?: Record<string, SecretValue>;

  /**
   * What the container asks of its node and may use at most.
   * @default - requests of 100m of CPU and 256Mi of memory, no limits. A resource of these that is set here keeps what is set
   */
  readonly resources?: ComputeResources;

  /**
   * Labels of the nodes that it may run on.
   * @default - any node
   */
  readonly nodeSelector?: Record<string, string>;
}

/** What every task that a run executes can be given. */
export interface TaskProps extends ContainerProps {
  /**
   * After how long an attempt is given up.
   * @default Duration.days(1)
   */
  readonly timeout?: Duration;

  /**
   * How often a failed attempt is repeated.
   * @default - twice, and only when the cluster lost the pod: a failure of the code itself is final
   */
  readonly retries?: number;

  /**
   * Names of the metrics that it publishes. When given, conditions on any other are refused.
   * @default - not said
   */
  readonly metrics?: string[];

  /**
   * The tasks whose folders it is told of, as `DATA_PATH_<name>`.
   * @default - all tasks of the axon; in axons of more than 24 tasks those of the stage before it
   */
  readonly inputs?: ITask[];
}
