import { Construct } from 'constructs';
import { halvingSearch, HyperbandTunerProps } from './hyperband-tuner';
import { Tuner } from './tuner';

/**
 * Hyperband whose new trials are drawn from a model of the results so far: better where a trial
 * says much about its neighbours, the same where it does not.
 *
 * It synthesises, but the runtime of this release refuses to run it.
 *
 * @see https://proceedings.mlr.press/v80/falkner18a.html
 */
export class BohbTuner extends Tuner {
  constructor(scope: Construct, id: string, props: HyperbandTunerProps) {
    const search = halvingSearch('bohb', props);
    super(scope, id, props);
    this._declare(search);
  }
}
