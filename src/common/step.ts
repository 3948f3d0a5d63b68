import { StepRef } from '../private/specs';

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
