/** How many configurations a rung holds, and how much each may use. */
export interface RungShape {
  readonly size: number;
  readonly budget: number;
}

/**
 * The rungs of Hyperband's brackets, by the rule of the published table: floor((s_max + 1) / (s + 1)) * eta^s configurations to begin
 * with, a share of 1 / eta promoted from rung to rung. The first bracket has the most rungs, the last one a single one; if more are asked
 * for, it begins again with the largest.
 *
 * @param budgets of the rungs, smallest first
 * @param count how many brackets; each once when absent
 *
 * @see Li et al., Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization, JMLR 18 (2018), table 1
 */
export function bracketShapes(budgets: readonly number[], eta: number, count = budgets.length): RungShape[][] {
  return Array.from({ length: count }, (_, bracket) => {
    const promotions = budgets.length - 1 - (bracket % budgets.length);
    const first = whole(Math.floor(budgets.length / (promotions + 1)) * eta ** promotions);
    return budgets.slice(budgets.length - 1 - promotions)
      .map((budget, rung) => ({ size: Math.max(1, whole(first / eta ** rung)), budget }));
  });
}

/** The largest whole number up to the value, which may be off by a rounding error. */
function whole(value: number): number {
  return Math.floor(value * (1 + 1e-9));
}
