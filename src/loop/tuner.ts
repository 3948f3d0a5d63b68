import { StudyDocument, StudyParameter } from '../contract/documents';

/** The part of a study that an algorithm decides. */
export type SearchData = Pick<StudyDocument, 'algorithm' | 'budgets' | 'brackets' | 'trials'>;

/** A search over the parameters of a training task, which replaces the task's one run. */
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
  /** @default - drawn when the search begins */
  readonly seed?: number;
}

/**
 * The budgets of a successive-halving search, smallest first. They are anchored on the largest, so
 * the smallest may exceed `min` and need not be whole. Counted by a loop with a tolerance: a
 * quotient of logarithms loses a rung, for instance for 1 to 1000 by tens.
 *
 * @see Li et al., Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization, JMLR 18 (2018)
 */
export function rungBudgets(min: number, max: number, eta: number): number[] {
  const budgets = [max];
  for (let reach = min; reach * eta <= max * (1 + 1e-9); reach *= eta) {
    budgets.unshift(max / eta ** budgets.length);
  }
  return budgets;
}
