import { Construct } from 'constructs';
import { Loop } from '../private/loop';
import { ConditionSpec } from '../private/specs';
import { RetrainGuard } from './retrain-guard';

/** A sensor, as the search for its problems and its share of the manifests see it. @internal */
export interface DeclaredSensor extends Construct {
  readonly _loop: Loop;
  readonly _parameters: string[];
  readonly _guard?: RetrainGuard;
  _conditions(): ConditionSpec[];
}
