import type { Digest } from '../../ledger/digest.js';

const PREDICTION_ID = /^([0-9a-f]{10})\.[A-Za-z0-9_-]{1,64}$/;

/** The version that a prediction id names; undefined when the text is no prediction id. */
export function versionOfId(id: unknown): string | undefined {
  return typeof id === 'string' ? PREDICTION_ID.exec(id)?.[1] : undefined;
}

/** The id of a prediction. `unguessable` are letters, digits, '_' and '-': who knows the id may say what was right. */
export function predictionId(version: string, unguessable: string): string {
  return `${version}.${unguessable}`;
}

/**
 * Whether a prediction belongs to the share that is captured: the same answer for one id everywhere and at any time, so that its truth is kept
 * when it is.
 */
export function isSampled(id: string, rate: number, digest: Digest): boolean {
  return rate >= 1 || parseInt(digest(id).slice(0, 12), 16) / 2 ** 48 < rate;
}
