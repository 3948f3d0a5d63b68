import { Construct } from 'constructs';
import { ICondition } from '../common/condition';
import { loopBuilderOf } from '../common/loop-builder-of';
import { ConditionData, Operator } from '../loop/sensor';
import { invalid } from '../problem/error';

/** A metric of the run of a task, as the task published it. */
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
    if (loopBuilderOf(scope) !== builder) {
      throw invalid('other-axon', 'when', this.description, `is about a task of axon '${builder.axon.name}', and the sensor belongs to another`, 'ask for it there');
    }
    return { kind: 'metric', task: this.task, metric: this.metric, operator: this.operator, threshold: this.threshold };
  }
}
