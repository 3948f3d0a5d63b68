import { Construct } from 'constructs';
import { TriggerData } from '../loop/sensor';

/**
 * A trigger of a sensor: the end of a task, a REST call, a time or an alert. A sensor with several
 * triggers runs when each of them has fired since its last run; the latest event of each counts.
 */
export interface ITrigger {
  /** The name of the trigger in records and messages. */
  readonly triggerName: string;

  /** @internal */
  _trigger(scope: Construct): TriggerData;
}
