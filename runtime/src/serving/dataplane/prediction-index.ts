import type { Payload } from './message.js';

/** What is remembered of a prediction until its truth comes. */
export interface Prediction {
  /** When it was made, in milliseconds since 1970. */
  readonly at: number;
  /** What was answered; undefined when only what came after is known. */
  readonly answer?: Payload;
  /** The request as JSON, kept when the class wants to see it with its feedback. */
  readonly request?: string;
  /** Digest of the request's content, kept so that feedback without an id finds it. */
  readonly content?: string;
  /** Whether a truth was counted. */
  truth: boolean;
  /** Whether a reward was counted. */
  reward: boolean;
}

/** Bounds of an index. Whatever is reached first, the oldest predictions are forgotten. */
export interface IndexBounds {
  readonly count: number;
  /** Sum of the sizes that were given to `add`, in bytes. */
  readonly bytes: number;
  /** Milliseconds. */
  readonly age: number;
}

/** The predictions that feedback may still come for, in the order in which they were made. */
export class PredictionIndex {
  private readonly predictions = new Map<string, { readonly prediction: Prediction; readonly size: number }>();
  /** Ids by content, of predictions without a truth, oldest first. */
  private readonly open = new Map<string, Set<string>>();
  private bytes = 0;

  constructor(private readonly bounds: IndexBounds) {}

  get size(): number {
    return this.predictions.size;
  }

  /** Remembers a prediction. Of one that is known already, nothing that was counted is forgotten. */
  add(id: string, prediction: Prediction, size: number, now: number): void {
    const known = this.predictions.get(id)?.prediction;
    if (known !== undefined) {
      prediction.truth ||= known.truth;
      prediction.reward ||= known.reward;
      this.forget(id);
    }
    this.predictions.set(id, { prediction, size });
    this.bytes += size;
    if (prediction.content !== undefined && !prediction.truth) {
      const ids = this.open.get(prediction.content);
      if (ids === undefined) this.open.set(prediction.content, new Set([id]));
      else ids.add(id);
    }
    this.forgetOld(now);
  }

  get(id: string, now: number): Prediction | undefined {
    const prediction = this.predictions.get(id)?.prediction;
    return prediction === undefined || now - prediction.at > this.bounds.age ? undefined : prediction;
  }

  /** Id of the oldest prediction with that content that has no truth yet. */
  idOf(content: string): string | undefined {
    return this.open.get(content)?.values().next().value;
  }

  /** Notes what came for a prediction, so that it is counted once. Does nothing for one that is not known. */
  mark(id: string, came: { readonly truth?: boolean; readonly reward?: boolean }): void {
    const prediction = this.predictions.get(id)?.prediction;
    if (prediction === undefined) return;
    if (came.truth) {
      prediction.truth = true;
      this.close(id, prediction);
    }
    if (came.reward) prediction.reward = true;
  }

  private forgetOld(now: number): void {
    for (const [id, { prediction }] of this.predictions) {
      const fits = this.predictions.size <= this.bounds.count && this.bytes <= this.bounds.bytes;
      // The newest stays even if it alone is too large: its feedback may be the only one that ever comes.
      if ((fits && now - prediction.at <= this.bounds.age) || this.predictions.size === 1) return;
      this.forget(id);
    }
  }

  private forget(id: string): void {
    const entry = this.predictions.get(id);
    if (entry === undefined) return;
    this.predictions.delete(id);
    this.bytes -= entry.size;
    this.close(id, entry.prediction);
  }

  private close(id: string, { content }: Prediction): void {
    const ids = content === undefined ? undefined : this.open.get(content);
    ids?.delete(id);
    if (content !== undefined && ids?.size === 0) this.open.delete(content);
  }
}
