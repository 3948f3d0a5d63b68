import { isObject } from './message.js';

/** Feedback as a client sends it: by prediction id, or with the request that was answered. */
export interface Feedback {
  /** As it was given, valid or not. */
  readonly id?: unknown;
  /** The message that was asked. */
  readonly request?: unknown;
  /** The message or bare value that says what was right. */
  readonly truth?: unknown;
  /** How good the answer was, in the client's own unit. */
  readonly reward?: number;
}

/** Why a body is no feedback. */
export type FeedbackFault = 'no-object' | 'no-news' | 'no-prediction' | 'reward';

/**
 * Reads `{id, truth?, reward?}` and the original's `{request, response?, truth?, reward?}`, whose id lies in response.meta.id.
 * Says what is wrong with any other body: it is no object, neither truth nor reward is there, nothing says which prediction is
 * meant, or the reward is no finite number.
 */
export function feedbackOf(body: unknown): Feedback | FeedbackFault {
  if (!isObject(body)) return 'no-object';
  const truth = body.truth ?? undefined;
  const reward = body.reward ?? undefined;
  if (reward !== undefined && !Number.isFinite(reward)) return 'reward';
  if (truth === undefined && reward === undefined) return 'no-news';
  const meta = isObject(body.response) && isObject(body.response.meta) ? body.response.meta : {};
  const id = body.id ?? meta.id ?? undefined;
  const request = body.request ?? undefined;
  if (id === undefined && request === undefined) return 'no-prediction';
  return {
    ...(id === undefined ? {} : { id }),
    ...(request === undefined ? {} : { request }),
    ...(truth === undefined ? {} : { truth }),
    ...(reward === undefined ? {} : { reward: reward as number }),
  };
}
