import { invalid } from '../problem/error';
import { BoundStep, IStep } from './step';

/** Several steps of a sensor side by side; the next step begins when all of them have succeeded. */
export class Parallel implements IStep {
  /** @param steps at least one; a nested `Parallel` is the same as its members */
  public static of(...steps: IStep[]): Parallel {
    if (steps.length === 0) {
      throw invalid('empty', 'steps', [], 'must name at least one step', 'list the tasks to run side by side');
    }
    return new Parallel(steps);
  }

  /** The members' names, joined. */
  public readonly stepName: string;

  private constructor(private readonly steps: IStep[]) {
    this.stepName = steps.map((step) => step.stepName).join(' and ');
  }

  /** @internal */
  public _stages(): BoundStep[][] {
    const stages = this.steps.map((step) => step._stages());
    const longer = stages.findIndex((stage) => stage.length > 1);
    if (longer >= 0) {
      throw invalid('unsupported', 'steps', this.steps[longer].stepName, 'has steps of its own that run in order', 'put single steps side by side');
    }
    return [stages.flatMap((stage) => stage[0] ?? [])];
  }
}
