import { createHash, randomBytes } from 'node:crypto';
import { MyelinError, shown } from '../shared/errors.js';
import { timeText } from '../shared/time.js';
import type { CapturedLine } from './capture/captured-line.js';
import { contentText, payloadOf } from './dataplane/message.js';
import { predictionId } from './dataplane/prediction-id.js';
import type { Prediction, PredictionIndex } from './dataplane/prediction-index.js';
import type { ServerMetrics } from './metrics.js';
import type { ReceivedMessage } from './protocol/message-text.js';
import type { WorkerPool } from './worker/worker-pool.js';

export interface PredictionsOptions {
  readonly version: string;
  readonly pool: WorkerPool;
  readonly index: PredictionIndex;
  readonly metrics: ServerMetrics;
  /** Keeps a record, if there is a capture and it belongs to its sample. */
  readonly capture: (record: CapturedLine) => void;
  readonly now: () => number;
}

/** A prediction as it goes out. */
export interface MadePrediction {
  readonly id: string;
  /** The reply, as JSON. */
  readonly body: string;
}

/** 128 bits: who was not told an id cannot give feedback on it. */
const ID_BYTES = 16;
/** Feedback on longer requests needs the id: their digest would cost each prediction too much. */
const LONGEST_CONTENT = 256 * 1024;
/** What an entry of the index needs besides request and answer, in bytes. */
const ENTRY_BYTES = 700;

/** Makes predictions, and remembers them for the feedback that may come. */
export class Predictions {
  constructor(private readonly options: PredictionsOptions) {}

  /** Answers a message. Fails as {@link WorkerPool.call}, and for a message without data; every failure is counted by its code. */
  async make(receive: () => Promise<ReceivedMessage>, gone?: AbortSignal): Promise<MadePrediction> {
    const { metrics } = this.options;
    const begin = performance.now();
    metrics.inFlight.inc();
    try {
      const made = await this.answer(await receive(), gone);
      metrics.predicted.inc();
      metrics.seconds.observe((performance.now() - begin) / 1000);
      return made;
    } catch (error) {
      metrics.failed(error instanceof MyelinError ? error.code : 'MYELIN_SERVER_FAILED');
      throw error;
    } finally {
      metrics.inFlight.dec();
    }
  }

  private async answer(message: ReceivedMessage, gone: AbortSignal | undefined): Promise<MadePrediction> {
    const { version, pool, now } = this.options;
    if (payloadOf(message.value) === undefined) throw new MyelinError('MYELIN_REQUEST_WITHOUT_DATA', { got: shown(message.value) });
    const at = now();
    const { answer, tags = {}, metrics = [] } = await pool.call('predict', message.text, gone);
    const id = predictionId(version, randomBytes(ID_BYTES).toString('base64url'));
    const answerText = JSON.stringify(answer);
    this.remember(id, message, answer, answerText.length, at);
    this.options.capture({ id, version, at: timeText(at), request: message.value, answer });
    const meta = JSON.stringify({ id, version, tags, metrics });
    return { id, body: `${answerText.slice(0, -1)}${answerText === '{}' ? '' : ','}"meta":${meta}}` };
  }

  private remember(id: string, message: ReceivedMessage, answer: unknown, answerSize: number, at: number): void {
    const content = message.text.length > LONGEST_CONTENT ? undefined : contentDigest(message.value);
    const request = this.options.pool.model?.learns ? message.text.toString() : undefined;
    const prediction: Prediction = {
      at,
      answer: payloadOf(answer),
      truth: false,
      reward: false,
      ...(content === undefined ? {} : { content }),
      ...(request === undefined ? {} : { request }),
    };
    this.options.index.add(id, prediction, ENTRY_BYTES + answerSize + (request?.length ?? 0), this.options.now());
  }
}

/** Digest by which feedback finds the prediction of the same request; undefined when there is no data in it. */
export function contentDigest(message: unknown): string | undefined {
  const text = contentText(message);
  return text === undefined ? undefined : createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
