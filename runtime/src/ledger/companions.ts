import type { AxonDocument, AxonSensor, LedgerDocument, LedgerEvent, TaskTrigger } from '../contract/documents.js';

/**
 * Knows which task events are companions: ends of tasks that one and the same run brings about. They belong together, and none
 * of them may be joined with the end of another run's task while its own run could still bring that about itself.
 */
export class Companions {
  /** Names of the tasks that a run runs, for runs that the ledger knows. */
  private readonly tasksOf = new Map<string, ReadonlySet<string>>();
  private readonly groups: readonly ReadonlySet<string>[];

  constructor(ledger: LedgerDocument, axon: AxonDocument) {
    this.groups = axon.sensors.map(({ runs }) => new Set(runs.flat()));
    axon.sensors.forEach(({ name }, index) => {
      const sets = Object.hasOwn(ledger.sensors, name) ? ledger.sensors[name]!.sets : [];
      for (const set of sets) if (set.decision === 'consumed') this.tasksOf.set(set.run, this.groups[index]!);
    });
  }

  /**
   * Places of the triggers that an event's own run fires all by itself, once its tasks have ended: that of the event, and those of other
   * tasks of its run. Where nobody knows which sensor the run is of, any that runs the event's task could be it.
   */
  shape(sensor: AxonSensor, place: number, event: LedgerEvent): number[] {
    return sensor.triggers.flatMap((trigger, other) => (other === place || (event.kind === 'task' && trigger.kind === 'task' && this.brings(event, trigger))
      ? [other] : []));
  }

  private brings(event: LedgerEvent, trigger: TaskTrigger): boolean {
    // A task of a run ends once: its success does not wait for its failure.
    if (trigger.task === event.subject) return false;
    const known = this.tasksOf.get(event.runId);
    return known?.has(trigger.task) ?? this.groups.some((tasks) => tasks.has(event.subject) && tasks.has(trigger.task));
  }
}
