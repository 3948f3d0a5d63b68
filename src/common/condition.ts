import { Construct } from 'constructs';
import { ConditionData } from '../loop/sensor';

/**
 * A question that the gate answers before a sensor's tasks run, with numbers that it
 * records. A metric that is missing is never met.
 */
export interface ICondition {
  /** What is asked, in words, for records and messages. */
  readonly description: string;

  /** @internal */
  _condition(scope: Construct): ConditionData;
}
