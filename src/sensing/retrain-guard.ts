import { Duration } from 'cdk8s';
import { wholeSeconds } from '../common/quantities';
import { GuardData } from '../loop/sensor';
import { invalid } from '../problem/error';
import { phrase, prop } from '../problem/phrase';

/** What a retrain guard can be given. */
export interface RetrainGuardProps {
  /**
   * How long to wait after the end of a retraining before the next; it grows with each one that did not help.
   * @default Duration.minutes(30)
   */
  readonly cooldown?: Duration;

  /**
   * How many retrainings are allowed in a window.
   * @default 5
   */
  readonly runs?: number;

  /**
   * The window.
   * @default Duration.days(1)
   */
  readonly per?: Duration;

  /**
   * How much longer each wait is than the one before it.
   * @default 2
   */
  readonly backoff?: number;

  /**
   * Whether to retrain on data that the model was trained on already. It is compared by the
   * `data-hash` that the last container task before the training leaves.
   * @default false
   */
  readonly sameData?: boolean;
}

/**
 * Keeps an alert from retraining for ever. Refusals and deferrals are recorded with their reasons.
 * In every case one retraining runs at a time, and only an alert of the newest version counts.
 */
export class RetrainGuard {
  /** The guard that every sensor with an alert has unless told otherwise. */
  public static standard(props: RetrainGuardProps = {}): RetrainGuard {
    return new RetrainGuard(props);
  }

  /** How long to wait after the end of a retraining. */
  public readonly cooldown: Duration;

  private constructor(private readonly props: RetrainGuardProps) {
    const { runs = 5, per = Duration.days(1), backoff = 2 } = props;
    this.cooldown = props.cooldown ?? Duration.minutes(30);
    if (!Number.isInteger(runs) || runs < 1) {
      throw invalid('not-whole', 'runs', runs, 'must be a whole number of at least 1', 'drop the sensor if it must never retrain');
    }
    if (!Number.isFinite(backoff) || backoff < 1) {
      throw invalid('out-of-range', 'backoff', backoff, 'must be a number of at least 1', 'use 1 for waits that do not grow');
    }
    if (wholeSeconds('per', per) < wholeSeconds('cooldown', this.cooldown)) {
      throw invalid('out-of-range', 'per', `${per.toSeconds()} s`, phrase`must not be shorter than ${prop('cooldown')} (${this.cooldown.toSeconds()} s)`,
        'swap them or lengthen the window');
    }
  }

  /** @internal */
  public _toData(): GuardData {
    const { runs = 5, per = Duration.days(1), backoff = 2, sameData = false } = this.props;
    return {
      cooldownSeconds: this.cooldown.toSeconds(),
      budget: { runs, windowSeconds: per.toSeconds(), backoff },
      sameData: sameData ? 'allow' : 'refuse',
      generations: 'newest',
    };
  }
}
