import { invalid } from '../problem/error';
import { phrase, prop } from '../problem/phrase';

const MOST_STEPS = 30;

/** Refuses budgets that make no search. */
export function checkBudgets(min: number, max: number, eta: number): void {
  for (const [name, value] of Object.entries({ minBudget: min, maxBudget: max })) {
    if (!Number.isFinite(value) || value <= 0) {
      throw invalid('out-of-range', name, value, 'must be a number of more than 0', 'give the resource of a trial, for instance epochs');
    }
  }
  if (min > max) {
    throw invalid('out-of-range', 'minBudget', min, phrase`must not exceed ${prop('maxBudget')} (${max})`, phrase`swap them or raise ${prop('maxBudget')}`);
  }
  if (!Number.isFinite(eta) || eta <= 1) {
    throw invalid('out-of-range', 'eta', eta, 'must be a number of more than 1: it is the share of trials that go on', 'use 3');
  }
  // Nobody searches over so many; without an end, numbers near the largest there is would be counted for ever.
  if (Math.log(max / min) / Math.log(eta) > MOST_STEPS) {
    throw invalid('out-of-range', 'minBudget', min, phrase`lies more than ${MOST_STEPS} steps by ${eta} below ${prop('maxBudget')} (${max})`, 'raise it');
  }
}
