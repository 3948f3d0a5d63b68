import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { loopBuilderOf } from '../common/loop-builder-of';
import { wholeSeconds } from '../common/quantities';
import { METRIC } from '../contract/names';
import { invalid } from '../problem/error';
import { storedExpression } from './expression';

/** A condition on live metrics, which Prometheus evaluates. An alert fires while it holds. */
export abstract class AlertCondition {
  /**
   * Holds for each series that a PromQL expression returns. `{{name}}` stands for the stored name of a metric
   * that the tasks of the axon push.
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

/** Options of `ModelGraph.accuracy`. */
export interface LiveAccuracyOptions {
  /** The time over which the accuracy is computed: feedback that arrived within it counts. */
  readonly window: Duration;

  /**
   * The number of labels that the window must hold before the accuracy is compared.
   * @default 100
   */
  readonly minimumSamples?: number;
}

/**
 * The share of correct predictions of each version of a model. It is a ratio of increases of counters,
 * so restarts of pods do not change it.
 */
export class LiveAccuracy {
  /** @internal */
  public static _of(model: string, scope: Construct, options: LiveAccuracyOptions): LiveAccuracy {
    return new LiveAccuracy(model, scope, options);
  }

  private constructor(private readonly model: string, private readonly scope: Construct, private readonly options: LiveAccuracyOptions) {
    const window = wholeSeconds('window', options.window);
    if (window < 30) {
      throw invalid('out-of-range', 'window', `${window} s`, 'must span several scrapes, which are 15 s apart', 'use at least 30 seconds');
    }
    const samples = options.minimumSamples ?? 100;
    if (!Number.isInteger(samples) || samples < 1) {
      throw invalid('not-whole', 'minimumSamples', samples, 'must be a whole number of at least 1', 'use a few hundred');
    }
  }

  /** Holds for each version whose accuracy over the window is less than the threshold. */
  public below(threshold: number): AlertCondition {
    if (!(threshold > 0 && threshold <= 1)) {
      throw invalid('out-of-range', 'threshold', threshold, 'must be more than 0 and at most 1: an accuracy is a share', 'write a percentage as a share, for instance 0.9 for 90 %');
    }
    return new AccuracyBelow(this.model, this.scope, this.options, threshold);
  }
}

class AccuracyBelow extends AlertCondition {
  constructor(
    private readonly model: string,
    private readonly scope: Construct,
    private readonly options: LiveAccuracyOptions,
    private readonly threshold: number,
  ) {
    super();
  }

  /** @internal */
  public _alert(scope: Construct): { readonly expression: string; readonly model: string } {
    const builder = loopBuilderOf(this.scope);
    const { name, namespace } = builder.axon;
    const own = loopBuilderOf(scope);
    if (own !== builder) {
      throw invalid('other-axon', 'alert', this.model, `watches a model graph of axon '${name}', and the sensor belongs to another axon ('${own.axon.name}')`, 'declare both in one axon');
    }
    const selector = `{namespace="${namespace}",axon="${name}",model="${this.model}"}[${this.options.window.toSeconds()}s]`;
    const growth = (metric: string) => `sum by (namespace, axon, model, version) (increase(${metric}${selector}))`;
    const correct = growth(METRIC.FEEDBACK_CORRECT_TOTAL);
    const all = growth(METRIC.FEEDBACK_TOTAL);
    // The second half also excludes a division by zero: NaN compares false, but an empty window must not fire.
    return { model: this.model, expression: `${correct} / ${all} < ${this.threshold} and ${all} >= ${this.options.minimumSamples ?? 100}` };
  }
}
