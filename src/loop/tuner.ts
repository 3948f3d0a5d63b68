import { StudyDocument, StudyParameter } from '../contract/documents';
import { PodData } from './pod';

/** The fields of a study that depend on the algorithm. */
export type SearchData = Pick<StudyDocument, 'algorithm' | 'budgets' | 'brackets' | 'trials'>;

/** A search over the hyperparameters of a training task. Its trials take the place of the task's one run. */
export interface TunerData {
  /** The construct's path. */
  readonly path: string;
  /** The construct's id. */
  readonly id: string;
  /** The identifier of the task. */
  readonly task: string;
  readonly search: SearchData;
  /** Sorted by name. */
  readonly space: StudyParameter[];
  /** How many trials run at the same time. */
  readonly concurrency: number;
  /** @default - derived from the name of the run */
  readonly seed?: number;
  /** Options of the pods of its trials, besides those of the task. */
  readonly pod?: PodData;
}
