import { Construct } from 'constructs';
import { TriggerData } from '../loop/sensor';

/**
 * Something that can happen and that a sensor can wait for: a task that ended, a call,
 * a time, an alert. Several on one sensor mean that all of them must have happened
 * since it last ran; of each, the latest counts.
 */
export interface ITrigger {
  /** The name it has in records and messages. */
  readonly triggerName: string;

  /** @internal */
  _trigger(scope: Construct): TriggerData;
}
