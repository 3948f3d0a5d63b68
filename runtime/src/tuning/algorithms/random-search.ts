import { rungBudgets } from '../../contract/rung-budgets.js';
import type { Outcomes, Plan, Search } from './algorithm.js';
import { successiveHalving } from './successive-halving.js';

/** Independent configurations, each with the largest budget: what a search has to beat. A single rung from which nobody is promoted. */
export function randomSearch(search: Search, outcomes: Outcomes): Plan {
  return successiveHalving(search, [[{ size: search.trials!, budget: rungBudgets(search.budgets).at(-1)! }]], outcomes);
}
