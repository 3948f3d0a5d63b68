// Generated from the schemas, data and code in contract/. Do not edit: run `node contract/generate.mjs`.
/* eslint-disable */

/** Least and largest budget of a search, and the factor between two rungs. */
export interface Budgets {
  readonly min: number;
  readonly max: number;
  readonly eta: number;
  /** Whether budgets are whole numbers. */
  readonly round: boolean;
}

/**
 * The budgets of the rungs of a successive-halving search, smallest first: max / eta^k, as many as reach down to min. Anchored on the largest,
 * so the smallest may exceed min, and a budget need not be whole unless `round` is set.
 *
 * Counted by a loop with a tolerance, because a quotient of logarithms loses a rung: for 1 to 243 by 3 in C, for 1 to 1000 by 10 in V8.
 *
 * @see Li et al., Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization, JMLR 18 (2018)
 */
export function rungBudgets({ min, max, eta, round }: Budgets): number[] {
  const budgets = [max];
  for (let reach = min; reach * eta <= max * (1 + 1e-9); reach *= eta) {
    // A hair below the least budget is the least budget: 0.3 / 3 is not 0.1.
    budgets.unshift(Math.max(min, max / eta ** budgets.length));
  }
  return round ? budgets.map((budget) => Math.max(1, Math.round(budget))) : budgets;
}
