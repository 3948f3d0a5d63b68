import { createHash } from 'crypto';

/**
 * JSON with sorted keys and without undefined members: one text per value, so
 * that a hash over it does not depend on the order in which members were set.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member) => {
    if (member === null || typeof member !== 'object' || Array.isArray(member)) {
      return member;
    }
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => compare(a, b)));
  });
}

/** The first `digits` hex digits of the SHA-256 of a value's canonical JSON. */
export function fingerprint(value: unknown, digits: number = 10): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, digits);
}

/** Order by code unit: the same on every machine, unlike `localeCompare`. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A copy of plain data, which no later change of the original reaches. */
export function copied<T>(value: T): T {
  if (value === null || typeof value !== 'object') {
    return value;
  }
  const copy = Array.isArray(value) ? value.map(copied) : Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copied(member)]));
  return copy as T;
}

/** A copy with sorted keys, for what the user wrote as a map and a document keeps as text. */
export function canonical<T>(value: T): T {
  return JSON.parse(canonicalJson(value)) as T;
}

/** A sorted copy; the order in which independent things were declared must not show. */
export function sortedBy<T>(items: Iterable<T>, key: (item: T) => string): T[] {
  return [...items].map((item) => ({ item, key: key(item) })).sort((a, b) => compare(a.key, b.key)).map((entry) => entry.item);
}
