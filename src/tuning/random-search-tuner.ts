import { Construct } from 'constructs';
import { invalid } from '../problem/error';
import { Search, Tuner, TunerProps, wholeNumber } from './tuner';

/** What a random search can be given. */
export interface RandomSearchTunerProps extends TunerProps {
  /** How many trials to run. */
  readonly trials: number;

  /** The resource of each trial, for instance epochs. */
  readonly budget: number;
}

/** Draws every trial independently and gives each the full resource: the baseline that any search must beat. */
export class RandomSearchTuner extends Tuner {
  private readonly trials: number;
  private readonly budget: number;

  constructor(scope: Construct, id: string, props: RandomSearchTunerProps) {
    wholeNumber('trials', props.trials);
    if (!Number.isFinite(props.budget) || props.budget <= 0) {
      throw invalid('out-of-range', 'budget', props.budget, 'must be a number of more than 0', 'give the resource of a trial, for instance epochs');
    }
    super(scope, id, props);
    this.trials = props.trials;
    this.budget = props.budget;
  }

  /** @internal */
  protected _search(): Search {
    return { algorithm: 'random', trials: this.trials, budgets: { min: this.budget, max: this.budget, eta: 3, round: false } };
  }
}
