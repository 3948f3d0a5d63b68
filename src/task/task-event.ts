import { Construct } from 'constructs';
import { loopBuilderOf } from '../common/loop-builder-of';
import { ITrigger } from '../common/trigger';
import { triggerIdentifier } from '../loop/names';
import { Phase, TriggerData } from '../loop/sensor';
import { invalid } from '../problem/error';

/** The end of a task, as a trigger of a sensor. Every run of the task counts, whichever sensor started it. */
export class TaskEvent implements ITrigger {
  /** @internal */
  public static _of(task: string, scope: Construct, phase: Phase): TaskEvent {
    return new TaskEvent(task, scope, phase);
  }

  /** The name of the trigger in records and messages. */
  public readonly triggerName: string;

  private constructor(
    private readonly task: string,
    private readonly scope: Construct,
    private readonly phase: Phase,
    name?: string,
  ) {
    this.triggerName = name ?? `${task}-${phase}`;
  }

  /**
   * The same trigger under another name.
   * @param name the name of the trigger in records and messages
   */
  public named(name: string): TaskEvent {
    return new TaskEvent(this.task, this.scope, this.phase, triggerIdentifier(name));
  }

  /** @internal */
  public _trigger(scope: Construct): TriggerData {
    const builder = loopBuilderOf(this.scope);
    const own = loopBuilderOf(scope);
    if (own !== builder) {
      throw invalid('other-axon', 'triggers', this.task, `is a task of axon '${builder.axon.name}', and the sensor belongs to another axon ('${own.axon.name}')`,
        'declare both in one axon');
    }
    return { kind: 'task', name: this.triggerName, task: this.task, phase: this.phase };
  }
}
