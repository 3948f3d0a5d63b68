import { rungBudgets } from '../../contract/rung-budgets.js';
import type { Outcomes, Plan, Search } from './algorithm.js';
import { bracketShapes } from './brackets.js';
import { successiveHalving } from './successive-halving.js';

/**
 * Many configurations with a small budget, the best third of them with more, and so on; in several brackets, since a small budget may
 * mislead: the first begins with the most configurations and the smallest budget, the last has few, all with the largest.
 *
 * @see Li et al., Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization, JMLR 18 (2018)
 */
export function hyperband(search: Search, outcomes: Outcomes): Plan {
  return successiveHalving(search, bracketShapes(rungBudgets(search.budgets), search.budgets.eta, search.brackets), outcomes);
}
