import { MyelinError, shown } from '../shared/errors.js';
import { isWellFormed, type Digest } from './digest.js';

/**
 * Version of what a set of events triggers: the first 10 hex digits of SHA-256 over the distinct ids, sorted and joined by a line feed.
 * The same events give the same version, in whatever order and however often they were delivered.
 *
 * Fails for no events, and for an id that is empty, holds a line feed (it would read as two) or is not well-formed.
 */
export function versionOf(events: readonly string[], digest: Digest): string {
  if (events.length === 0) {
    throw new MyelinError('MYELIN_VERSION_WITHOUT_EVENTS', {});
  }
  events.forEach((id, index) => {
    if (id === '' || id.includes('\n') || !isWellFormed(id)) {
      throw new MyelinError('MYELIN_VERSION_EVENT_UNUSABLE', { index, got: shown(id) });
    }
  });
  return digest([...new Set(events)].sort(byCodePoint).join('\n')).slice(0, 10);
}

/** Python sorts texts by code point, JavaScript by UTF-16 unit: they differ above U+FFFF, and every language must find the same version. */
function byCodePoint(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
