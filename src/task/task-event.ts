import { ITrigger } from '../common/trigger';
import { TriggerSpec } from '../private/specs';

/** The end of a task, as something that a sensor can wait for; whichever sensor ran the task. */
export class TaskEvent implements ITrigger {
  /** The name it has in records and messages. */
  public readonly triggerName: string;

  /** @internal */
  constructor(private readonly task: string, private readonly phase: 'succeeded' | 'failed', name?: string) {
    this.triggerName = name ?? `${task}-${phase}`;
  }

  /**
   * The same event under a name of its own.
   * @param name the name it has in records and messages
   */
  public named(name: string): TaskEvent {
    return new TaskEvent(this.task, this.phase, name);
  }

  /** @internal */
  public _trigger(): TriggerSpec {
    return { kind: 'task', name: this.triggerName, task: this.task, phase: this.phase };
  }
}
