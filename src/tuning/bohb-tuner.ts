import { Problem, warning } from '../problem/problem';
import { HyperbandTuner } from './hyperband-tuner';
import { Search } from './tuner';

/**
 * Hyperband whose new trials are drawn from a model of the results so far: better where a trial
 * says much about its neighbours, the same where it does not.
 *
 * It synthesises, but the runtime of this release refuses to run it.
 *
 * @see https://proceedings.mlr.press/v80/falkner18a.html
 */
export class BohbTuner extends HyperbandTuner {
  /** @internal */
  protected _search(): Search {
    return { ...super._search(), algorithm: 'bohb' };
  }

  /** @internal */
  protected _problems(): Problem[] {
    return [...super._problems(), warning(this.node.path, 'tuner-unavailable', 'optimiser', 'BOHB', 'is refused by the runtime of this release',
      'use HyperBand, which searches the same space, until it runs')];
  }
}
