import type { StudyDocument } from '../../contract/documents.js';
import type { Algorithm } from './algorithm.js';
import { hyperband } from './hyperband.js';
import { randomSearch } from './random-search.js';

/** The search algorithms, by their names in study documents. */
export const ALGORITHMS: Readonly<Record<StudyDocument['algorithm'], Algorithm>> = { hyperband, random: randomSearch };
