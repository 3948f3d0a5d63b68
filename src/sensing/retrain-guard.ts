import { Duration } from 'cdk8s';
import { wholeSeconds } from '../common/quantities';
import { GuardData } from '../loop/sensor';
import { invalid } from '../problem/error';
import { phrase, prop } from '../problem/phrase';

/** Options of `RetrainGuard.standard`. */
export interface RetrainGuardOptions {
  /**
   * The least delay from the end of one retraining to the start of the next.
   * @default Duration.minutes(30)
   */
  readonly cooldown?: Duration;

  /**
   * The number of retrainings that a window allows.
   * @default 5
   */
  readonly runs?: number;

  /**
   * The length of the window.
   * @default Duration.days(1)
   */
  readonly per?: Duration;

  /**
   * The factor on the cooldown each time that the number of retrainings is used up. The cooldown never exceeds the window.
   * @default 2
   */
  readonly backoff?: number;

  /**
   * Whether to retrain on data that the model was trained on already. The data is compared by the
   * `data-hash` of the last container task before the training.
   * @default false
   */
  readonly sameData?: boolean;
}

/**
 * Limits how often alerts retrain a model. Rejections and deferrals are recorded with their reasons.
 * One retraining runs at a time, and only an alert of the newest version starts one.
 */
export class RetrainGuard {
  /** The default guard of every sensor with an alert. */
  public static standard(options: RetrainGuardOptions = {}): RetrainGuard {
    return new RetrainGuard(options);
  }

  /** The least delay from the end of one retraining to the start of the next. */
  public readonly cooldown: Duration;

  private constructor(private readonly options: RetrainGuardOptions) {
    const { runs = 5, per = Duration.days(1), backoff = 2 } = options;
    this.cooldown = options.cooldown ?? Duration.minutes(30);
    if (!Number.isInteger(runs) || runs < 1) {
      throw invalid('not-whole', 'runs', runs, 'must be a whole number of at least 1', 'remove the sensor if it must never retrain');
    }
    if (!Number.isFinite(backoff) || backoff < 1) {
      throw invalid('out-of-range', 'backoff', backoff, 'must be a number of at least 1', 'use 1 for a cooldown that does not grow');
    }
    if (wholeSeconds('per', per) < wholeSeconds('cooldown', this.cooldown)) {
      throw invalid('out-of-range', 'per', `${per.toSeconds()} s`, phrase`must not be shorter than ${prop('cooldown')} (${this.cooldown.toSeconds()} s)`,
        phrase`swap them or raise ${prop('per')}`);
    }
  }

  /** @internal */
  public _toData(): GuardData {
    const { runs = 5, per = Duration.days(1), backoff = 2, sameData = false } = this.options;
    return {
      cooldownSeconds: this.cooldown.toSeconds(),
      budget: { runs, windowSeconds: per.toSeconds(), backoff },
      sameData: sameData ? 'allow' : 'refuse',
      generations: 'newest',
    };
  }
}
