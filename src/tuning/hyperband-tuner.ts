import { Construct } from 'constructs';
import { SearchData } from '../loop/tuner';
import { invalid } from '../problem/error';
import { phrase, prop } from '../problem/phrase';
import { Tuner, TunerProps, wholeNumber } from './tuner';

/** What a Hyperband search can be given. */
export interface HyperbandTunerProps extends TunerProps {
  /** The least resource that says anything about a trial, for instance epochs. */
  readonly minBudget: number;

  /** The resource of a full training. */
  readonly maxBudget: number;

  /**
   * Of how many trials one is promoted to the next budget, which is that many times larger.
   * @default 3
   */
  readonly eta?: number;

  /**
   * How many brackets to run; each trades the number of trials against their resource differently.
   * @default - every bracket once
   */
  readonly brackets?: number;

  /**
   * Round budgets to whole numbers, for code that counts. The rounding is recorded.
   * @default false
   */
  readonly roundBudgets?: boolean;
}

/**
 * Tries many parameters on little resource and gives more to the promising ones, over several
 * trade-offs between both. A promoted trial continues from its own checkpoint.
 *
 * @see https://jmlr.org/papers/v18/16-558.html
 */
export class HyperbandTuner extends Tuner {
  constructor(scope: Construct, id: string, props: HyperbandTunerProps) {
    const search = halvingSearch('hyperband', props);
    super(scope, id, props);
    this._declare(search);
  }
}

/** The search of an algorithm that halves its trials from budget to budget. @internal */
export function halvingSearch(algorithm: 'hyperband' | 'bohb', props: HyperbandTunerProps): SearchData {
  const { minBudget: min, maxBudget: max, eta = 3, roundBudgets: round = false, brackets } = props;
  checkBudgets(min, max, eta);
  if (brackets !== undefined) {
    wholeNumber('brackets', brackets);
  }
  return { algorithm, budgets: { min, max, eta, round }, ...(brackets !== undefined && { brackets }) };
}

const MOST_STEPS = 30;

/** Refuses budgets that make no search. */
function checkBudgets(min: number, max: number, eta: number): void {
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
