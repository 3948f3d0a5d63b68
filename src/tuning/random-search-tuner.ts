import { Construct } from 'constructs';
import { invalid } from '../problem/error';
import { Tuner, TunerProps, wholeNumber } from './tuner';

/** What a random search can be given. */
export interface RandomSearchTunerProps extends TunerProps {
  /** How many trials to run. */
  readonly trials: number;

  /** The resource of each trial, for instance epochs. */
  readonly budget: number;
}

/** Draws every trial independently and gives each the full resource: the baseline that any search must beat. */
export class RandomSearchTuner extends Tuner {
  constructor(scope: Construct, id: string, props: RandomSearchTunerProps) {
    wholeNumber('trials', props.trials);
    if (!Number.isFinite(props.budget) || props.budget <= 0) {
      throw invalid('out-of-range', 'budget', props.budget, 'must be a number of more than 0', 'give the resource of a trial, for instance epochs');
    }
    super(scope, id, props);
    const { trials, budget } = props;
    this._declare({ algorithm: 'random', trials, budgets: { min: budget, max: budget, eta: 3, round: false } });
  }
}
