import { Construct } from 'constructs';
import { ICondition } from '../common/condition';
import { loopBuilderOf } from '../common/loop-builder-of';
import { ConditionData, Operator } from '../loop/sensor';
import { invalid } from '../problem/error';

/** A metric that a run of a task has published. Its comparisons are conditions of a sensor. */
export class TaskMetric {
  /** @internal */
  public static _of(name: string, task: string, scope: Construct): TaskMetric {
    return new TaskMetric(name, task, scope);
  }

  private constructor(
    /** The metric's name, as user code publishes it. */
    public readonly name: string,
    private readonly task: string,
    private readonly scope: Construct,
  ) {}

  /** Met when the metric is greater than the threshold. */
  public above(threshold: number): ICondition {
    return this.compared('>', threshold);
  }

  /** Met when the metric is greater than or equal to the threshold. */
  public atLeast(threshold: number): ICondition {
    return this.compared('>=', threshold);
  }

  /** Met when the metric is less than the threshold. */
  public below(threshold: number): ICondition {
    return this.compared('<', threshold);
  }

  /** Met when the metric is less than or equal to the threshold. */
  public atMost(threshold: number): ICondition {
    return this.compared('<=', threshold);
  }

  private compared(operator: Operator, threshold: number): ICondition {
    return new Comparison(this.task, this.scope, this.name, operator, threshold);
  }
}

class Comparison implements ICondition {
  public readonly description: string;

  constructor(
    private readonly task: string,
    private readonly scope: Construct,
    private readonly metric: string,
    private readonly operator: Operator,
    private readonly threshold: number,
  ) {
    if (!Number.isFinite(threshold)) {
      throw invalid('wrong-type', 'threshold', threshold, 'must be a finite number', `give the value that '${metric}' is compared with`);
    }
    this.description = `${metric} of ${task} ${operator} ${threshold}`;
  }

  /** @internal */
  public _condition(scope: Construct): ConditionData {
    const builder = loopBuilderOf(this.scope);
    const own = loopBuilderOf(scope);
    if (own !== builder) {
      throw invalid('other-axon', 'conditions', this.description, `is on a task of axon '${builder.axon.name}', and the sensor belongs to another axon ('${own.axon.name}')`,
        'declare both in one axon');
    }
    return { kind: 'metric', task: this.task, metric: this.metric, operator: this.operator, threshold: this.threshold };
  }
}
