import { Construct } from 'constructs';
import { ICondition } from '../common/condition';
import { broken } from '../private/errors';
import { ConditionSpec, Operator } from '../private/specs';

/** A metric of the run of a task, as the task published it. */
export class TaskMetric {
  /** @internal */
  constructor(
    /** The metric's name, as user code publishes it. */
    public readonly name: string,
    /** @internal */
    readonly _task: string,
  ) {}

  /** Met when the metric is greater than the threshold. */
  public above(threshold: number): ICondition {
    return new Comparison(this._task, this.name, '>', threshold);
  }

  /** Met when the metric is greater than or equal to the threshold. */
  public atLeast(threshold: number): ICondition {
    return new Comparison(this._task, this.name, '>=', threshold);
  }

  /** Met when the metric is less than the threshold. */
  public below(threshold: number): ICondition {
    return new Comparison(this._task, this.name, '<', threshold);
  }

  /** Met when the metric is less than or equal to the threshold. */
  public atMost(threshold: number): ICondition {
    return new Comparison(this._task, this.name, '<=', threshold);
  }
}

class Comparison implements ICondition {
  public readonly description: string;

  constructor(
    private readonly task: string,
    private readonly metric: string,
    private readonly operator: Operator,
    private readonly threshold: number,
  ) {
    if (!Number.isFinite(threshold)) {
      throw broken('threshold', threshold, 'must be a finite number', `give the value that '${metric}' is compared with`);
    }
    this.description = `${metric} of ${task} ${operator} ${threshold}`;
  }

  /** @internal */
  public _condition(_scope: Construct): ConditionSpec {
    return { kind: 'metric', task: this.task, metric: this.metric, operator: this.operator, threshold: this.threshold };
  }
}
