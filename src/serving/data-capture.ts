import { Duration } from 'cdk8s';
import { wholeSeconds } from '../common/quantities';
import { DataCapture as CaptureDocument } from '../contract/documents';
import { invalid } from '../problem/error';

/** Options of a `DataCapture`. */
export interface CaptureOptions {
  /**
   * How long records are kept.
   * @default Duration.days(30)
   */
  readonly retention?: Duration;

  /**
   * Fields of requests that are not recorded, as dotted paths below their data.
   * @default - none
   */
  readonly dropFields?: string[];
}

/** Options of a `DataCapture` that samples. */
export interface SampledCaptureOptions extends CaptureOptions {
  /** The share of predictions that is recorded: more than 0 and at most 1. */
  readonly rate: number;
}

/** Records requests, predictions and feedback of a model in the axon's store. Trainings read the records below `FEEDBACK_PATH`. */
export class DataCapture {
  /** Records every prediction. */
  public static all(options: CaptureOptions = {}): DataCapture {
    return new DataCapture(1, options);
  }

  /** Records a share of the predictions. It is chosen by prediction id, so that feedback is recorded with its prediction. */
  public static sampled(options: SampledCaptureOptions): DataCapture {
    return new DataCapture(options.rate, options);
  }

  private constructor(private readonly rate: number, private readonly options: CaptureOptions) {
    if (!(rate > 0 && rate <= 1)) {
      throw invalid('out-of-range', 'rate', rate, 'must be more than 0 and at most 1: it is a share', 'set a share, for instance 0.1');
    }
    if (options.retention !== undefined && wholeSeconds('retention', options.retention) < 60) {
      throw invalid('out-of-range', 'retention', `${options.retention.toSeconds()} s`, 'must be at least a minute', 'raise it');
    }
    if ((options.dropFields ?? []).includes('')) {
      throw invalid('empty', 'dropFields', '', 'must not be empty', 'name the field by its path');
    }
  }

  /** @internal */
  public _toDocument(): CaptureDocument {
    return {
      rate: this.rate,
      retentionSeconds: (this.options.retention ?? Duration.days(30)).toSeconds(),
      dropFields: [...new Set(this.options.dropFields)].sort(),
    };
  }
}
