import { LoopBuilder } from '../loop/builder';
import { StepData } from '../loop/sensor';
import { invalid } from '../problem/error';

/**
 * A step of a sensor: a task, the deployment of a model graph, or several of these in parallel.
 * The steps of a sensor run in order.
 */
export interface IStep {
  /** The name of the step in messages. */
  readonly stepName: string;

  /** @internal */
  _members(): BoundStep[];
}

/** One member of a step, and the builder of the loop that it belongs to. @internal */
export interface BoundStep extends StepData {
  readonly builder: LoopBuilder;
}

/** Combines steps. */
export class Step {
  /**
   * Runs steps in parallel. The next step of the sensor starts when all of them have succeeded.
   * @param steps at least one. A nested parallel step is the same as its members
   */
  public static parallel(...steps: IStep[]): IStep {
    if (steps.length === 0) {
      throw invalid('empty', 'steps', [], 'must hold at least one step', 'list the steps to run in parallel');
    }
    return new Parallel(steps);
  }

  private constructor() {}
}

class Parallel implements IStep {
  public readonly stepName: string;

  constructor(private readonly steps: IStep[]) {
    this.stepName = steps.map((step) => step.stepName).join(' and ');
  }

  public _members(): BoundStep[] {
    return this.steps.flatMap((step) => step._members());
  }
}
