import { ObjectiveData } from '../loop/task';
import { invalid } from '../problem/error';

/** Which values of a metric are better. */
export enum Direction {
  /** Larger values: accuracy, AUC, F1. */
  MAXIMIZE = 'maximize',
  /** Smaller values: a loss or an error. */
  MINIMIZE = 'minimize',
}

/** The metric that a training task is judged by, and which way is better. */
export class Objective {
  /** Larger is better: accuracy, AUC, F1. */
  public static maximize(metric: string): Objective {
    return new Objective(metric, Direction.MAXIMIZE);
  }

  /** Smaller is better: a loss or an error. */
  public static minimize(metric: string): Objective {
    return new Objective(metric, Direction.MINIMIZE);
  }

  private constructor(
    /** The metric's name, as user code publishes it. */
    public readonly metric: string,
    /** Which values are better. */
    public readonly direction: Direction,
  ) {
    checkMetric('objective', metric);
  }

  /** @internal */
  public _toData(): ObjectiveData {
    return { metric: this.metric, direction: `${this.direction}` };
  }
}

/** @internal */
export function checkMetric(prop: string, metric: string, item?: number): string {
  if (!/^[A-Za-z_][A-Za-z0-9_:-]{0,127}$/.test(metric)) {
    throw invalid('name-format', prop, metric,
      'must be the name of a metric: a letter or underscore, then letters, digits, underscores, colons and dashes, at most 128', 'rename it', { item });
  }
  return metric;
}
