import type { AxonSensor, LedgerEvent, SensorTrigger } from '../contract/documents.js';

/**
 * What events of a trigger are about. Calls are shared by all sensors that wait for one of that name; an alert and a schedule
 * belong to their sensor, and two sensors may call theirs the same.
 */
export function subjectOf(sensor: string, trigger: SensorTrigger): string {
  switch (trigger.kind) {
    case 'task': return trigger.task;
    case 'rest': return trigger.name;
    case 'alert':
    case 'calendar': return scoped(sensor, trigger.name);
  }
}

/** Whether an event makes a trigger of a sensor fire. */
export function fires(sensor: string, trigger: SensorTrigger, event: LedgerEvent): boolean {
  return event.kind === trigger.kind && event.subject === subjectOf(sensor, trigger) && (trigger.kind !== 'task' || event.phase === trigger.phase);
}

/** Whether a sensor waits for an event. */
export function waitsFor(sensor: AxonSensor, event: LedgerEvent): boolean {
  return isStartOf(sensor, event) || sensor.triggers.some((trigger) => fires(sensor.name, trigger, event));
}

/** Whether an event is the start of a run-once sensor. */
export function isStartOf(sensor: AxonSensor, event: LedgerEvent): boolean {
  return sensor.once !== undefined && event.kind === 'once' && event.subject === sensor.name;
}

/** Whether a call gives a run of a sensor some of its arguments. */
export function gives({ parameters }: AxonSensor, event: LedgerEvent): boolean {
  return Object.keys(event.parameters ?? {}).some((name) => parameters.includes(name));
}

/** Longer ones than names may be are cut: they differ in front, because the sensor's part is budgeted at synth. */
function scoped(sensor: string, trigger: string): string {
  return sensor === trigger ? trigger : `${sensor}-${trigger}`.slice(0, 63).replace(/-+$/, '');
}
