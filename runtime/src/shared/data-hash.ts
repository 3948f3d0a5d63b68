import { DATA_HASH_PATTERN } from '../contract/constants.js';

/** Why a hash is left out, for logs. */
export const DATA_HASH_RULE = 'data hash is left out, it must be 8 to 128 hex digits';

/**
 * A hash of data as a task wrote it, without white space around it; undefined when it wrote none, or something else.
 * Its case stays: the engine compares what the task wrote, and a hash in another case would never be equal to that.
 */
export function dataHashOf(text: string | undefined): string | undefined {
  const hash = text?.trim() ?? '';
  return DATA_HASH_PATTERN.test(hash) ? hash : undefined;
}
