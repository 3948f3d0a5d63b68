// Generated from the schemas, data and code in contract/. Do not edit: run `node contract/generate.mjs`.
/* eslint-disable */

/**
 * Edits between two words: insert, delete, replace, or swap of neighbours, each part edited once (optimal string alignment,
 * the restricted form of Damerau and Levenshtein's distance).
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
      }
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/**
 * The known name that was probably meant: equal but for case, `-` and `_`, or nearest within a third of its length.
 * Of equally near ones the first.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const plain = simplify(name);
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of known) {
    const distance = editDistance(plain, simplify(candidate));
    const limit = Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3));
    // One letter says nothing about a name of one or two.
    if (distance < least && distance <= limit && distance < Math.max(plain.length, 1)) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** `, did you mean 'x'` to end a message with, or nothing. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const best = nearest(name, known);
  return best === undefined ? '' : `, did you mean '${best}'`;
}

function simplify(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}
