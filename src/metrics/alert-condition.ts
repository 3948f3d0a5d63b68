import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { loopBuilderOf } from '../common/loop-builder-of';
import { wholeSeconds } from '../common/quantities';
import { METRIC } from '../contract/names';
import { invalid } from '../problem/error';
import { storedExpression } from './expression';

/** When an alert fires: an expression over live metrics, evaluated by Prometheus. */
export abstract class AlertCondition {
  /**
   * Fires for each series that a PromQL expression returns. `{{name}}` stands for a metric that
   * the axon's tasks push, under the name it is stored by.
   */
  public static promql(expression: string): AlertCondition {
    return new Expression(expression);
  }

  protected constructor() {}

  /** @internal */
  public abstract _alert(scope: Construct): { readonly expression: string; readonly model?: string };
}

class Expression extends AlertCondition {
  constructor(private readonly expression: string) {
    super();
  }

  /** @internal */
  public _alert(scope: Construct): { readonly expression: string } {
    return { expression: storedExpression('expression', this.expression, loopBuilderOf(scope).axon.name) };
  }
}

/** Over what a live accuracy is taken. */
export interface LiveAccuracyProps {
  /** How far back predictions count whose truth has become known. */
  readonly window: Duration;

  /**
   * How many truths the window must hold before the accuracy means anything.
   * @default 100
   */
  readonly minimumSamples?: number;
}

/**
 * The share of a model's predictions that turned out right, per version, as a ratio of what its
 * counters grew by: no pod can set it, and restarts do not disturb it.
 */
export class LiveAccuracy {
  /** @internal */
  public static _of(model: string, scope: Construct, props: LiveAccuracyProps): LiveAccuracy {
    return new LiveAccuracy(model, scope, props);
  }

  private constructor(private readonly model: string, private readonly scope: Construct, private readonly props: LiveAccuracyProps) {
    const window = wholeSeconds('window', props.window);
    if (window < 30) {
      throw invalid('out-of-range', 'window', `${window} s`, 'must span several scrapes, which are 15 s apart', 'use at least 30 seconds');
    }
    const samples = props.minimumSamples ?? 100;
    if (!Number.isInteger(samples) || samples < 1) {
      throw invalid('not-whole', 'minimumSamples', samples, 'must be a whole number of at least 1', 'use a few hundred');
    }
  }

  /** Fires for each version whose accuracy over the window is less than the threshold. */
  public below(threshold: number): AlertCondition {
    if (!(threshold > 0 && threshold <= 1)) {
      throw invalid('out-of-range', 'threshold', threshold, 'must be more than 0 and at most 1: an accuracy is a share', 'correct it');
    }
    return new AccuracyBelow(this.model, this.scope, this.props, threshold);
  }
}

class AccuracyBelow extends AlertCondition {
  constructor(
    private readonly model: string,
    private readonly scope: Construct,
    private readonly props: LiveAccuracyProps,
    private readonly threshold: number,
  ) {
    super();
  }

  /** @internal */
  public _alert(scope: Construct): { readonly expression: string; readonly model: string } {
    const builder = loopBuilderOf(this.scope);
    const { name, namespace } = builder.axon;
    if (loopBuilderOf(scope) !== builder) {
      throw invalid('other-axon', 'when', this.model, `is a model graph of axon '${name}', and the sensor belongs to another`, 'watch it there');
    }
    const selector = `{namespace="${namespace}",axon="${name}",model="${this.model}"}[${this.props.window.toSeconds()}s]`;
    const growth = (metric: string) => `sum by (namespace, axon, model, version) (increase(${metric}${selector}))`;
    const correct = growth(METRIC.FEEDBACK_CORRECT_TOTAL);
    const all = growth(METRIC.FEEDBACK_TOTAL);
    // The second half also keeps a division by zero out: NaN compares false, but an empty window must not fire.
    return { model: this.model, expression: `${correct} / ${all} < ${this.threshold} and ${all} >= ${this.props.minimumSamples ?? 100}` };
  }
}
