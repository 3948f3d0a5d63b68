import { Construct } from 'constructs';
import { ICondition } from '../common/condition';
import { loopBuilderOf } from '../common/loop-builder-of';
import { ConditionData } from '../loop/sensor';
import { storedExpression } from '../metrics/expression';
import { invalid } from '../problem/error';
import { ModelGraph } from '../serving/model-graph';
import { checkMetric, Direction } from '../task/objective';

/** Options of `Condition.betterThanLive`. */
export interface BetterThanLiveOptions {
  /**
   * The least difference to the live version, in the unit of the metric.
   * @default 0
   */
  readonly margin?: number;

  /**
   * Which values are better.
   * @default - the direction of the training's objective if that is the metric, otherwise `Direction.MAXIMIZE`
   */
  readonly direction?: Direction;
}

/** Conditions of a sensor on a live model or on Prometheus. A condition on a metric of one task is `task.metric(name).above(…)`. */
export abstract class Condition implements ICondition {
  /**
   * Met when the new result is better than the live version on the same fresh hold-out, or when no version is live yet.
   */
  public static betterThanLive(model: ModelGraph, metric: string, options: BetterThanLiveOptions = {}): Condition {
    return new BetterThanLive(model, checkMetric('metric', metric), options);
  }

  /** Met when Prometheus returns at least one sample for a PromQL expression at the time of the check. */
  public static promql(expression: string): Condition {
    return new PromqlCondition(expression);
  }

  protected constructor(
    /** The condition in words, for records and messages. */
    public readonly description: string,
  ) {}

  /** @internal */
  public abstract _condition(scope: Construct): ConditionData;
}

class BetterThanLive extends Condition {
  constructor(private readonly model: ModelGraph, private readonly metric: string, private readonly options: BetterThanLiveOptions) {
    super(`${metric} better than that of the live version`);
    if (options.margin !== undefined && !(Number.isFinite(options.margin) && options.margin >= 0)) {
      throw invalid('out-of-range', 'margin', options.margin, 'must be a number of at least 0', 'raise it, or remove it');
    }
  }

  public _condition(scope: Construct): ConditionData {
    const own = loopBuilderOf(scope);
    const other = loopBuilderOf(this.model);
    if (other !== own) {
      throw invalid('other-axon', 'conditions', this.model.node.id, `is a model graph of axon '${other.axon.name}', and the sensor belongs to another axon ('${own.axon.name}')`,
        'declare both in one axon');
    }
    const { direction, margin = 0 } = this.options;
    return {
      kind: 'betterThanLive',
      model: this.model.identifier,
      metric: this.metric,
      ...(direction !== undefined && { direction: `${direction}` as const }),
      margin,
    };
  }
}

class PromqlCondition extends Condition {
  constructor(private readonly expression: string) {
    super(expression);
  }

  public _condition(scope: Construct): ConditionData {
    return { kind: 'promql', expression: storedExpression('expression', this.expression, loopBuilderOf(scope).axon.name) };
  }
}
