import { Construct } from 'constructs';
import { SearchData } from '../loop/tuner';
import { invalid } from '../problem/error';
import { phrase, prop } from '../problem/phrase';
import { Tuner, TunerProps, wholeNumber } from './tuner';

/** Properties of a `HyperbandTuner`. */
export interface HyperbandTunerProps extends TunerProps {
  /** The smallest budget of a trial, in the unit of the training code, for instance epochs. */
  readonly minBudget: number;

  /** The budget of a full training. */
  readonly maxBudget: number;

  /**
   * The factor between two budgets. One in `eta` trials is promoted to the next budget.
   * @default 3
   */
  readonly eta?: number;

  /**
   * How many brackets to run. Each bracket trades the number of trials against their budget differently.
   * @default - every bracket once
   */
  readonly brackets?: number;

  /**
   * Whether budgets are rounded to whole numbers, for training code that needs them. The rounded budgets are recorded.
   * @default false
   */
  readonly roundBudgets?: boolean;
}

/**
 * Hyperband: starts many trials with small budgets and promotes the best ones to larger budgets, in several brackets. A
 * promoted trial resumes from its own checkpoint.
 *
 * @see https://jmlr.org/papers/v18/16-558.html
 */
export class HyperbandTuner extends Tuner {
  constructor(scope: Construct, id: string, props: HyperbandTunerProps) {
    const search = hyperbandSearch(props);
    super(scope, id, props);
    this._declare(search);
  }
}

function hyperbandSearch({ minBudget: min, maxBudget: max, eta = 3, roundBudgets: round = false, brackets }: HyperbandTunerProps): SearchData {
  checkBudgets(min, max, eta);
  if (brackets !== undefined) {
    wholeNumber('brackets', brackets);
  }
  return { algorithm: 'hyperband', budgets: { min, max, eta, round }, ...(brackets !== undefined && { brackets }) };
}

const MOST_STEPS = 30;

/** Rejects budgets that Hyperband cannot use. */
function checkBudgets(min: number, max: number, eta: number): void {
  for (const [name, value] of Object.entries({ minBudget: min, maxBudget: max })) {
    if (!Number.isFinite(value) || value <= 0) {
      throw invalid('out-of-range', name, value, 'must be a number of more than 0', 'set the budget of a trial, for instance a number of epochs');
    }
  }
  if (min > max) {
    throw invalid('out-of-range', 'minBudget', min, phrase`must not exceed ${prop('maxBudget')} (${max})`, phrase`swap them or raise ${prop('maxBudget')}`);
  }
  if (!Number.isFinite(eta) || eta <= 1) {
    throw invalid('out-of-range', 'eta', eta, 'must be a number of more than 1: one in eta trials is promoted', 'set 3');
  }
  // Without a limit, the budgets of extreme values would be counted for ever.
  if (Math.log(max / min) / Math.log(eta) > MOST_STEPS) {
    throw invalid('out-of-range', 'minBudget', min, phrase`is more than ${MOST_STEPS} steps of factor ${eta} below ${prop('maxBudget')} (${max})`, 'raise it');
  }
}
