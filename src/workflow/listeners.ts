import { Loop } from '../private/loop';

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

  public get any(): boolean {
    return this.phases.size > 0;
  }
}
