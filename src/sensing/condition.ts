import { Construct } from 'constructs';
import { ICondition } from '../common/condition';
import { loopBuilderOf } from '../common/loop-builder-of';
import { modelOf, taskOf } from '../loop/loop';
import { trainersOf } from '../loop/model';
import { ConditionData } from '../loop/sensor';
import { storedExpression } from '../metrics/expression';
import { invalid } from '../problem/error';
import { ModelGraph } from '../serving/model-graph';
import { checkMetric } from '../task/objective';

/** What a comparison with the live version can be given. */
export interface BetterThanLiveProps {
  /**
   * By how much it must be better, in the metric's own unit.
   * @default 0
   */
  readonly margin?: number;

  /**
   * Whether a larger value is better.
   * @default - as the objective of the model's training says; larger, where that is another metric
   */
  readonly larger?: boolean;
}

/** Conditions that are not about one task's metric; those are `task.metric(name).above(…)`. */
export abstract class Condition implements ICondition {
  /**
   * Met when the new result is better than the live version on the same fresh hold-out, or when no version is live yet.
   */
  public static betterThanLive(model: ModelGraph, metric: string, props: BetterThanLiveProps = {}): Condition {
    return new BetterThanLive(model, checkMetric('metric', metric), props);
  }

  /** Met when Prometheus returns anything for a PromQL expression at the time of the decision. */
  public static promql(expression: string): Condition {
    return new PromqlCondition(expression);
  }

  protected constructor(
    /** What is asked, in words. */
    public readonly description: string,
  ) {}

  /** @internal */
  public abstract _condition(scope: Construct): ConditionData;
}

class BetterThanLive extends Condition {
  constructor(private readonly model: ModelGraph, private readonly metric: string, private readonly props: BetterThanLiveProps) {
    super(`${metric} better than that of the live version`);
    if (props.margin !== undefined && !(Number.isFinite(props.margin) && props.margin >= 0)) {
      throw invalid('out-of-range', 'margin', props.margin, 'must be a number of at least 0', 'correct it');
    }
  }

  public _condition(scope: Construct): ConditionData {
    const own = loopBuilderOf(scope);
    const other = loopBuilderOf(this.model);
    if (other !== own) {
      throw invalid('other-axon', 'when', this.model.node.id, `is a model graph of axon '${other.axon.name}', and the sensor belongs to another`, 'ask for it there');
    }
    const { loop } = own;
    const [trainer] = trainersOf(modelOf(loop, this.model.identifier)!);
    const objective = taskOf(loop, trainer)?.objective;
    const larger = this.props.larger ?? (objective?.metric === this.metric ? objective.direction === 'maximize' : true);
    return {
      kind: 'betterThanLive',
      model: this.model.identifier,
      metric: this.metric,
      direction: larger ? 'maximize' : 'minimize',
      margin: this.props.margin ?? 0,
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
