import { Construct } from 'constructs';
import { phrase, prop } from '../problem/phrase';
import { Problem, warning } from '../problem/problem';
import { checkBudgets, rungBudgets } from './budgets';
import { Search, Tuner, TunerProps, wholeNumber } from './tuner';

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
  /** @internal */
  readonly _budgets: { readonly min: number; readonly max: number; readonly eta: number; readonly round: boolean };

  /** @internal */
  readonly _brackets?: number;

  constructor(scope: Construct, id: string, props: HyperbandTunerProps) {
    const { minBudget, maxBudget, eta = 3, roundBudgets = false } = props;
    checkBudgets(minBudget, maxBudget, eta);
    if (props.brackets !== undefined) {
      wholeNumber('brackets', props.brackets);
    }
    super(scope, id, props);
    this._budgets = { min: minBudget, max: maxBudget, eta, round: roundBudgets };
    this._brackets = props.brackets;
  }

  /** @internal */
  protected _search(): Search {
    return { algorithm: 'hyperband', budgets: this._budgets, ...(this._brackets !== undefined && { brackets: this._brackets }) };
  }

  /** @internal */
  protected _problems(): Problem[] {
    const { min, max, eta, round } = this._budgets;
    const budgets = rungBudgets(min, max, eta);
    const found = super._problems();
    if (!round && Number.isInteger(min) && budgets.some((budget) => !Number.isInteger(budget))) {
      found.push(warning(this.node.path, 'fractional-budgets', 'minBudget', min,
        phrase`gives trials the budgets ${budgets.map((budget) => Number(budget.toPrecision(4))).join(', ')}, which are anchored on ${prop('maxBudget')} (${max})`,
        phrase`choose them as powers of ${eta}, or set ${prop('roundBudgets')} if the code counts in whole numbers`));
    }
    if (budgets.length === 1) {
      found.push(warning(this.node.path, 'few-budgets', 'minBudget', min,
        phrase`leaves one budget below ${prop('maxBudget')} (${max}), so nothing is ever stopped early`, `lower it to ${max / eta} or less`));
    }
    return found;
  }
}
