import { Construct } from 'constructs';
import { invalid } from '../problem/error';
import { Tuner, TunerProps, wholeNumber } from './tuner';

/** Properties of a `RandomSearchTuner`. */
export interface RandomSearchTunerProps extends TunerProps {
  /** How many trials to run. */
  readonly trials: number;

  /** The budget of each trial, in the unit of the training code, for instance epochs. */
  readonly budget: number;
}

/** Random search: draws the parameters of every trial independently and gives each trial the same budget. A baseline for other searches. */
export class RandomSearchTuner extends Tuner {
  constructor(scope: Construct, id: string, props: RandomSearchTunerProps) {
    wholeNumber('trials', props.trials);
    if (!Number.isFinite(props.budget) || props.budget <= 0) {
      throw invalid('out-of-range', 'budget', props.budget, 'must be a number of more than 0', 'set the budget of a trial, for instance a number of epochs');
    }
    super(scope, id, props);
    const { trials, budget } = props;
    this._declare({ algorithm: 'random', trials, budgets: { min: budget, max: budget, eta: 3, round: false } });
  }
}
