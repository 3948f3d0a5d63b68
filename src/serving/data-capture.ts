import { Duration } from 'cdk8s';
import { wholeSeconds } from '../common/quantities';
import { DataCapture as CaptureDocument } from '../contract/documents';
import { invalid } from '../problem/error';

/** What a complete data capture can be given. */
export interface CaptureProps {
  /**
   * How long a record is kept.
   * @default Duration.days(30)
   */
  readonly retention?: Duration;

  /**
   * Fields of a request that are never written, by dotted path below its data.
   * @default - none
   */
  readonly dropFields?: string[];
}

/** What a sampling data capture can be given. */
export interface SampledCaptureProps extends CaptureProps {
  /** The share of predictions that is kept, more than 0 and at most 1. */
  readonly rate: number;
}

/**
 * Keeps what a model was asked, what it answered and what turned out to be true, by prediction,
 * in the axon's store. Training reads it below `FEEDBACK_PATH`.
 */
export class DataCapture {
  /** Keeps every prediction. */
  public static all(props: CaptureProps = {}): DataCapture {
    return new DataCapture(1, props);
  }

  /** Keeps a share of the predictions, chosen by prediction id, so that a truth finds its prediction. */
  public static sampled(props: SampledCaptureProps): DataCapture {
    return new DataCapture(props.rate, props);
  }

  private constructor(private readonly rate: number, private readonly props: CaptureProps) {
    if (!(rate > 0 && rate <= 1)) {
      throw invalid('out-of-range', 'rate', rate, 'must be more than 0 and at most 1: it is a share', 'correct it');
    }
    if (props.retention !== undefined && wholeSeconds('retention', props.retention) < 60) {
      throw invalid('out-of-range', 'retention', `${props.retention.toSeconds()} s`, 'must be at least a minute', 'correct it');
    }
    if ((props.dropFields ?? []).includes('')) {
      throw invalid('empty', 'dropFields', '', 'must not be empty', 'name the field by its path');
    }
  }

  /** @internal */
  public _toDocument(): CaptureDocument {
    return {
      rate: this.rate,
      retentionSeconds: (this.props.retention ?? Duration.days(30)).toSeconds(),
      dropFields: [...new Set(this.props.dropFields)].sort(),
    };
  }
}
