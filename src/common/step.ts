import { LoopBuilder } from '../loop/builder';
import { StepData } from '../loop/sensor';

/**
 * Something that a sensor runs: a task, a model's deployment, or several side by side.
 * The steps of a list run one after the other.
 */
export interface IStep {
  /** The name it has in records and messages. */
  readonly stepName: string;

  /** @internal */
  _stages(): BoundStep[][];
}

/** A step, and the builder of the loop that it belongs to. @internal */
export interface BoundStep extends StepData {
  readonly builder: LoopBuilder;
}
