import { Construct } from 'constructs';
import { ConditionData } from '../loop/sensor';

/**
 * A condition that the gate of a sensor checks before a run. The gate records the numbers that it
 * compared. A condition on a metric that does not exist is not met.
 */
export interface ICondition {
  /** The condition in words, for records and messages. */
  readonly description: string;

  /** @internal */
  _condition(scope: Construct): ConditionData;
}
