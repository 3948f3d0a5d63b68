import { invalid } from '../problem/error';
import { either, phrase } from '../problem/phrase';
import { detail, ProblemDetail } from '../problem/problem';

const LARGER_IS_BETTER = /(^|_|-)(acc|accuracy|auc|auroc|f1|f_?score|r2|precision|recall|map|ndcg|bleu|rouge|iou|dice|score|reward|likelihood)(_|-|$)/i;
const SMALLER_IS_BETTER = /(^|_|-)(loss|error|err|rmse|mse|mae|mape|perplexity|fid|wer|cer|nll|regret|brier|entropy|divergence)(_|-|$)/i;

/** The metric that a training task is judged by, and which way is better. */
export class Objective {
  /** Larger is better: accuracy, AUC, F1. */
  public static maximize(metric: string): Objective {
    return new Objective(metric, true);
  }

  /** Smaller is better: a loss or an error. */
  public static minimize(metric: string): Objective {
    return new Objective(metric, false);
  }

  private constructor(
    /** The metric's name, as user code publishes it. */
    public readonly metric: string,
    /** Whether a larger value is better. */
    public readonly larger: boolean,
  ) {
    checkMetric('objective', metric);
  }

  /** @internal */
  public get _direction(): 'maximize' | 'minimize' {
    return this.larger ? 'maximize' : 'minimize';
  }

  /** Set when the metric's name contradicts the direction. @internal */
  public _contradiction(): ProblemDetail | undefined {
    if (this.larger && SMALLER_IS_BETTER.test(this.metric)) {
      return detail('objective-direction', 'is maximized, but its name reads as smaller is better',
        phrase`${either('minimize it', "remove 'lossMetricSelector'")} or rename it`);
    }
    if (!this.larger && LARGER_IS_BETTER.test(this.metric) && !SMALLER_IS_BETTER.test(this.metric)) {
      return detail('objective-direction', 'is minimized, but its name reads as larger is better',
        phrase`${either('maximize it', "add 'lossMetricSelector: greater'")} or rename it`);
    }
    return undefined;
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
