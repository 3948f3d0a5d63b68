import { HyperbandTuner } from './hyperband-tuner';
import { Search } from './tuner';

/**
 * Hyperband whose new trials are drawn from a model of the results so far: better where a trial
 * says much about its neighbours, the same where it does not.
 *
 * @see https://proceedings.mlr.press/v80/falkner18a.html
 */
export class BohbTuner extends HyperbandTuner {
  /** @internal */
  protected _search(): Search {
    return { ...super._search(), algorithm: 'bohb' };
  }
}
