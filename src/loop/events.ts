import { alertWebhook, restWebhook, SWEEP_WEBHOOK, taskWebhook } from '../contract/constants';
import { derived, Loop, tunerOf } from './loop';
import { AlertTriggerData, CalendarTriggerData, Phase, SensorData, TriggerData } from './sensor';

/** An event that arrives over HTTP. */
export interface WebhookData {
  /** Event, path and dependency name: begins with a letter, no dot, no underscore. */
  readonly name: string;
  readonly kind: 'task' | 'rest' | 'alert' | 'sweep';
}

/** The run that a delivered event starts. */
export interface DeliveryData {
  readonly webhook: WebhookData;
  /** The sensor that the run belongs to; absent for a run of the sweep. */
  readonly sensor?: string;
  /** Parameters of the axon that the payload may set, with their defaults. */
  readonly parameters: readonly (readonly [name: string, fallback: string])[];
}

/** A rule of Prometheus whose alert comes back as an event. */
export interface AlertData {
  readonly name: string;
  readonly sensor: SensorData;
  readonly trigger: AlertTriggerData;
  readonly webhook: string;
}

const SWEEP: WebhookData = { name: SWEEP_WEBHOOK, kind: 'sweep' };

/** Everything that arrives over HTTP, each once, in no order; several sensors may have one task's end as a trigger. */
export const webhooksOf = derived((loop: Loop): readonly WebhookData[] => {
  const found = new Map(deliveriesOf(loop).map(({ webhook }) => [webhook.name, webhook]));
  return [...found.values()];
});

/** A run for each sensor and event, and one of the sweep. */
export const deliveriesOf = derived((loop: Loop): readonly DeliveryData[] => [
  ...loop.sensors.flatMap((sensor) => sensor.triggers.flatMap((trigger): DeliveryData[] => (trigger.kind === 'calendar' ? [] : [{
    webhook: webhookOf(sensor, trigger),
    sensor: sensor.identifier,
    parameters: trigger.kind === 'rest' ? sensor.parameters.map((name) => [name, loop.parameters[name]] as const) : [],
  }]))),
  { webhook: SWEEP, parameters: [] },
]);

/** Every alert that triggers a sensor. */
export const alertsOf = derived((loop: Loop): readonly AlertData[] => loop.sensors.flatMap((sensor) => sensor.triggers.flatMap((trigger) => (
  trigger.kind === 'alert' ? [{ name: alertName(loop.name, sensor, trigger.name), sensor, trigger, webhook: webhookOf(sensor, trigger).name }] : []))));

/** The name of a sensor's alert; unique in a namespace. */
export function alertName(axon: string, sensor: SensorData, trigger: string): string {
  return trigger === sensor.identifier ? `${axon}-${trigger}` : `${axon}-${sensor.identifier}-${trigger}`;
}

function webhookOf(sensor: SensorData, trigger: Exclude<TriggerData, CalendarTriggerData>): WebhookData {
  switch (trigger.kind) {
    case 'task':
      return { name: taskWebhook(trigger.task, trigger.phase), kind: 'task' };
    case 'rest':
      return { name: restWebhook(trigger.name), kind: 'rest' };
    case 'alert':
      return { name: alertWebhook(sensor.identifier, trigger.name), kind: 'alert' };
  }
}

/** How a task's end must be announced: only ends that a sensor has as a trigger emit events. */
export function phasesOf(loop: Loop, task: string): ReadonlySet<Phase> {
  return phases(loop).get(task) ?? new Set();
}

const phases = derived((loop: Loop) => {
  const found = new Map<string, Set<Phase>>();
  for (const trigger of loop.sensors.flatMap(({ triggers }) => triggers)) {
    if (trigger.kind === 'task') {
      found.set(trigger.task, (found.get(trigger.task) ?? new Set()).add(trigger.phase));
    }
  }
  return found;
});

/** Whether a search emits the event of its success itself; user code must not hold the webhook token, a search is our program. */
export function emitsItself(loop: Loop, task: string): boolean {
  return tunerOf(loop, task) !== undefined && phasesOf(loop, task).has('succeeded');
}

/** Whether an `emit` step must follow a task that ends in a phase. */
export function needsEmit(loop: Loop, task: string, phase: Phase): boolean {
  return phasesOf(loop, task).has(phase) && !(phase === 'succeeded' && tunerOf(loop, task) !== undefined);
}
