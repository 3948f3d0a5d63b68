import { Loop, TaskPart } from './loop';

type Phase = 'succeeded' | 'failed';

/** Which ends of which tasks some sensor waits for: nobody is told what nobody asked for. */
export class Listeners {
  private readonly phases = new Map<string, Set<Phase>>();

  constructor(loop: Loop) {
    for (const trigger of loop.sensors.flatMap((sensor) => sensor.triggers)) {
      if (trigger.kind === 'task') {
        this.phases.set(trigger.task, new Set([...this.phasesOf(trigger.task), trigger.phase]));
      }
    }
  }

  public phasesOf(task: string): ReadonlySet<Phase> {
    return this.phases.get(task) ?? new Set();
  }

  /** Whether the success of a task is told by its own step: user code must not have what that takes, a search is our program. */
  public tellsItself(task: TaskPart): boolean {
    return task.tuned && this.phasesOf(task.identifier).has('succeeded');
  }

  /** Whether a step of its own tells that a task has ended so. */
  public needStep(task: TaskPart, phase: Phase): boolean {
    return this.phasesOf(task.identifier).has(phase) && !(phase === 'succeeded' && task.tuned);
  }
}
