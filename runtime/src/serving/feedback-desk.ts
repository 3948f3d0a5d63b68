import type { ServerDocument } from '../contract/documents.js';
import { MyelinError, shown } from '../shared/errors.js';
import type { Log } from '../shared/log.js';
import { timeText } from '../shared/time.js';
import type { CapturedLine } from './capture/captured-line.js';
import type { SiblingSegments } from './capture/sibling-segments.js';
import { isRight } from './dataplane/compare.js';
import { feedbackOf, type Feedback } from './dataplane/feedback.js';
import { truthPayload } from './dataplane/message.js';
import { predictionId, versionOfId } from './dataplane/prediction-id.js';
import type { Prediction, PredictionIndex } from './dataplane/prediction-index.js';
import type { ServerMetrics } from './metrics.js';
import { contentDigest } from './predictions.js';
import type { WorkerPool } from './worker/worker-pool.js';

export interface FeedbackDeskOptions {
  readonly server: ServerDocument;
  readonly index: PredictionIndex;
  /** What other processes captured of this version; undefined without capture. */
  readonly siblings: SiblingSegments | undefined;
  readonly metrics: ServerMetrics;
  readonly pool: WorkerPool;
  /** Keeps a record, if there is a capture and it belongs to its sample. */
  readonly capture: (record: CapturedLine) => void;
  /** Whether predictions of that id are captured. */
  readonly isCaptured: (id: string) => boolean;
  /** Hands feedback to the version that made the prediction; undefined when that cannot be reached. */
  readonly forward: (version: string, body: unknown) => Promise<FeedbackReply | undefined>;
  readonly log: Log;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** What is answered to feedback. */
export interface FeedbackReply {
  readonly status: number;
  readonly body: unknown;
}

/** Longer than a captured prediction takes to its segment, and than the segments are left alone. */
const CAPTURE_DELAY_MS = 400;

/**
 * Takes feedback: finds its prediction, counts whether that was right, each prediction once however often it is told, captures what is new, and
 * hands it to the class. What belongs to no known prediction is captured all the same, and answered with 202: for training it counts.
 */
export class FeedbackDesk {
  constructor(private readonly options: FeedbackDeskOptions) {}

  /**
   * @param body what the client sent
   * @param forwarded whether another version passed it on, so that it goes no further
   *
   * Fails with MYELIN_FEEDBACK_EMPTY, MYELIN_FEEDBACK_ID_INVALID, MYELIN_FEEDBACK_REWARD_INVALID and MYELIN_FEEDBACK_WITHOUT_PREDICTION.
   */
  async take(body: unknown, forwarded: boolean): Promise<FeedbackReply> {
    const feedback = checked(body);
    const { server, now } = this.options;
    const content = feedback.request === undefined ? undefined : contentDigest(feedback.request);
    const id = (feedback.id as string | undefined) ?? (content === undefined ? undefined : this.options.index.idOf(content));
    if (id === undefined) return this.keepWhole(feedback, content);
    const version = versionOfId(id)!;
    if (version !== server.version && !forwarded) {
      const reply = await this.options.forward(version, body);
      if (reply !== undefined) return reply;
    }
    const others = version === server.version ? await this.found(id) : undefined;
    // Looked up after every wait, so that of two that come at once the second sees what the first has counted.
    const own = this.options.index.get(id, now());
    const prediction = own?.answer === undefined ? others : own;
    if (prediction?.answer === undefined) return this.unmatched(id, version, feedback);
    return this.matched(id, prediction, [own, others], feedback);
  }

  /** What other processes know of it. A prediction that another replica has just made may still be on its way to its segment. */
  private async found(id: string): Promise<Prediction | undefined> {
    const { siblings, index, now, sleep } = this.options;
    if (siblings === undefined || !this.options.isCaptured(id)) return undefined;
    const first = await siblings.find(id);
    if (first !== undefined || index.get(id, now()) !== undefined) return first;
    await sleep(CAPTURE_DELAY_MS);
    return siblings.find(id);
  }

  private async matched(id: string, prediction: Prediction, known: readonly (Prediction | undefined)[], feedback: Feedback): Promise<FeedbackReply> {
    const { metrics } = this.options;
    const isNewTruth = feedback.truth !== undefined && !known.some((one) => one?.truth);
    const isNewReward = feedback.reward !== undefined && !known.some((one) => one?.reward);
    const right = feedback.truth === undefined ? undefined : isRight(prediction.answer!, truthPayload(feedback.truth));
    // One that cannot be compared counts for nothing, so that a better one may follow.
    const counted = { truth: isNewTruth && right !== undefined, reward: isNewReward };
    this.options.index.mark(id, counted);
    prediction.truth ||= counted.truth;
    prediction.reward ||= counted.reward;
    if (counted.truth) metrics.compared.inc();
    if (counted.truth && right) metrics.right.inc();
    if (counted.reward) {
      metrics.rewarded.inc();
      metrics.reward.inc(feedback.reward);
    }
    const news = { ...(isNewTruth ? { truth: feedback.truth } : {}), ...(isNewReward ? { reward: feedback.reward } : {}) };
    const reply = { id, matched: true, counted: counted.truth || counted.reward, ...(right === undefined ? {} : { correct: right }) };
    if (!isNewTruth && !isNewReward) return { status: 200, body: { ...reply, message: 'known already' } };
    this.keep(id, news);
    await this.teach(prediction, { ...feedback, ...news });
    const incomparable = feedback.truth !== undefined && right === undefined;
    return { status: 200, body: incomparable ? { ...reply, message: 'the truth has another form than the answer and was not compared' } : reply };
  }

  private unmatched(id: string, version: string, feedback: Feedback): FeedbackReply {
    const { server, log } = this.options;
    this.options.metrics.unmatched.inc();
    this.keep(id, feedback);
    const reason = version === server.version ? 'the prediction is unknown or too old' : `version ${version} cannot be reached`;
    log.info({ id, reason }, 'feedback without its prediction');
    return { status: 202, body: { id, matched: false, counted: false, message: `${reason}, the feedback was not counted` } };
  }

  /** Feedback that brings its own request: worth as much to training as a prediction's. */
  private keepWhole(feedback: Feedback, content: string | undefined): FeedbackReply {
    this.options.metrics.unmatched.inc();
    const message = 'no prediction with this request waits for a truth, the feedback was not counted';
    // An id of its content, so that the same feedback twice is one record.
    if (content !== undefined) this.keep(predictionId(this.options.server.version, content), feedback, feedback.request);
    return { status: 202, body: { matched: false, counted: false, message } };
  }

  private keep(id: string, { truth, reward }: Feedback, request?: unknown): void {
    this.options.capture({
      id,
      version: versionOfId(id)!,
      at: timeText(this.options.now()),
      ...(request === undefined ? {} : { request }),
      ...(truth === undefined ? {} : { truth }),
      ...(reward === undefined ? {} : { reward }),
    });
  }

  /** Gives it to the class, if it wants it. What the class does with it is its own affair: the feedback is counted and captured. */
  private async teach(prediction: Prediction, feedback: Feedback): Promise<void> {
    const { pool, log } = this.options;
    const request = feedback.request === undefined ? prediction.request : JSON.stringify(feedback.request);
    if (!pool.model?.learns || request === undefined) return;
    const { truth, reward } = feedback;
    const rest = JSON.stringify({ truth: truth ?? null, reward: reward ?? null });
    try {
      await pool.call('feedback', `{"request":${request},${rest.slice(1)}`);
    } catch (error) {
      log.warn({ err: error }, 'class did not take feedback');
    }
  }
}

function checked(body: unknown): Feedback {
  const feedback = feedbackOf(body);
  if (feedback === 'reward') throw new MyelinError('MYELIN_FEEDBACK_REWARD_INVALID', { got: shown((body as { reward?: unknown }).reward) });
  if (feedback === 'no-prediction') throw new MyelinError('MYELIN_FEEDBACK_WITHOUT_PREDICTION', {});
  if (typeof feedback === 'string') throw new MyelinError('MYELIN_FEEDBACK_EMPTY', {});
  if (feedback.id !== undefined && versionOfId(feedback.id) === undefined) throw new MyelinError('MYELIN_FEEDBACK_ID_INVALID', { got: shown(feedback.id) });
  return feedback;
}
