import type { StudyDocument } from '../../contract/documents.js';
import { MyelinError } from '../../shared/errors.js';
import type { Algorithm } from './algorithm.js';
import { hyperband } from './hyperband.js';
import { randomSearch } from './random-search.js';

/** The algorithms that this release knows, by the name that a study document gives them. */
export const ALGORITHMS = { hyperband, random: randomSearch } as const satisfies Partial<Record<StudyDocument['algorithm'], Algorithm>>;

/** Fails, for good, if this release does not know it. */
export function algorithmOf(name: StudyDocument['algorithm']): Algorithm {
  const known: Partial<Record<StudyDocument['algorithm'], Algorithm>> = ALGORITHMS;
  const algorithm = known[name];
  if (algorithm === undefined) {
    throw new MyelinError('MYELIN_TUNING_ALGORITHM_UNKNOWN', { algorithm: name, known: Object.keys(ALGORITHMS).join(', ') });
  }
  return algorithm;
}
