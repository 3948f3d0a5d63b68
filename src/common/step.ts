/**
 * Something that a sensor runs: a task, a model's deployment, or several side by side.
 * The steps of a list run one after the other.
 */
export interface IStep {
  /** The name it has in records and messages. */
  readonly stepName: string;

  /** @internal */
  _stages(): StepRef[][];
}

/**
 * One template call of a run. Outer lists run in order, inner ones in parallel.
 * @internal
 */
export interface StepRef {
  readonly kind: 'task' | 'deploy';
  /** The identifier of the task or model. */
  readonly name: string;
  /** Everything about it that decides what would run; thresholds, replicas and resources are no part of it. */
  readonly identity: () => unknown;
}
