import { alertWebhook, LABEL, PARAMETER, restWebhook, RUN_TTL, sensorTemplate, taskWebhook } from '../contract/constants';
import { SensorTrigger, WakeDocument } from '../contract/documents';
import { CronWorkflowSpec, WorkflowSpec } from '../crd/argo-workflows';
import { Assembly, Webhook } from '../private/assembly';
import { fingerprint } from '../private/canonical';
import { SensorPart } from '../private/loop';
import { CalendarTriggerSpec, TriggerSpec } from '../private/specs';
import { DeclaredSensor } from './declared-sensor';

/** A sensor's share of the manifests: its record for the gate, and what wakes it. */
export function contributeSensor(assembly: Assembly, sensor: DeclaredSensor, part: SensorPart): void {
  const { name: axon, parameters } = sensor._loop.identity;
  const model = part.triggers.find((trigger) => trigger.kind === 'alert' && trigger.model !== undefined) as { model?: string } | undefined;
  const once = part.triggers.length === 0 ? { fingerprint: runFingerprint(sensor, part) } : undefined;
  assembly.sensors.push({
    name: part.identifier,
    ...(once && { once }),
    triggers: part.triggers.map((trigger) => triggerDocument(axon, part, trigger)),
    conditions: sensor._conditions(),
    ...(sensor._guard && { guard: sensor._guard._toDocument(model?.model) }),
    runs: part.stages.map((stage) => stage.map((step) => step.name)),
    parameters: [...sensor._parameters].sort(),
  });
  if (once !== undefined) {
    contributeOnce(assembly, axon, part, once.fingerprint);
  }
  for (const trigger of part.triggers) {
    if (trigger.kind === 'calendar') {
      contributeCalendar(assembly, axon, part, trigger);
      continue;
    }
    const webhook = webhookOf(part, trigger);
    if (!assembly.webhooks.some(({ name }) => name === webhook.name)) {
      assembly.webhooks.push(webhook);
    }
    assembly.deliveries.push({
      webhook: webhook.name,
      entrypoint: sensorTemplate(part.identifier),
      part: part.identifier,
      parameters: trigger.kind === 'rest' ? sensor._parameters.map((name) => [name, parameters[name]]) : [],
    });
    if (trigger.kind === 'alert') {
      assembly.alerts.push({
        name: alertName(axon, part, trigger.name),
        sensor: part.identifier,
        webhook: webhook.name,
        expression: trigger.expression,
        forSeconds: trigger.sustainedSeconds,
        // Longer than one gap in the data: a series that comes and goes must not fire again each time.
        keepSeconds: Math.max(900, trigger.sustainedSeconds),
        repeatSeconds: Math.max(3600, sensor._guard?.cooldown.toSeconds() ?? 0),
        summary: `sensor ${part.userName} of axon ${axon}: ${trigger.name}`,
      });
    }
  }
}

/** What the alert of a sensor is called; unique in a namespace. */
export function alertName(axon: string, part: SensorPart, trigger: string): string {
  return trigger === part.identifier ? `${axon}-${trigger}` : `${axon}-${part.identifier}-${trigger}`;
}

/** Changing what a run-once sensor runs makes it run again; changing anything else does not. */
function runFingerprint(sensor: DeclaredSensor, part: SensorPart): string {
  const stages = part.stages.map((stage) => stage.map((step) => step.identity()));
  return fingerprint({ axon: sensor._loop.identity.name, sensor: part.identifier, stages });
}

function triggerDocument(axon: string, part: SensorPart, trigger: TriggerSpec): SensorTrigger {
  switch (trigger.kind) {
    case 'task':
      return { kind: 'task', name: trigger.name, task: trigger.task, phase: trigger.phase };
    case 'rest':
      return { kind: 'rest', name: trigger.name };
    case 'calendar':
      return { kind: 'calendar', name: trigger.name, schedule: trigger.schedule, ...(trigger.timezone && { timezone: trigger.timezone }) };
    case 'alert':
      return {
        kind: 'alert',
        name: trigger.name,
        alert: alertName(axon, part, trigger.name),
        expression: trigger.expression,
        forSeconds: trigger.sustainedSeconds,
        ...(trigger.model && { model: trigger.model }),
      };
  }
}

function webhookOf(part: SensorPart, trigger: Exclude<TriggerSpec, { kind: 'calendar' }>): Webhook {
  switch (trigger.kind) {
    case 'task':
      return { name: taskWebhook(trigger.task, trigger.phase), kind: 'task' };
    case 'rest':
      return { name: restWebhook(trigger.name), kind: 'rest' };
    case 'alert':
      return { name: alertWebhook(part.identifier, trigger.name), kind: 'alert' };
  }
}

function wake(document: WakeDocument): string {
  return JSON.stringify(document);
}

/** A Workflow whose name says what it runs: applying it again is nothing, and no clean-up makes it run again. */
function contributeOnce(assembly: Assembly, axon: string, part: SensorPart, hash: string): void {
  const spec: WorkflowSpec = {
    entrypoint: sensorTemplate(part.identifier),
    workflowTemplateRef: { name: axon },
    arguments: { parameters: [{ name: PARAMETER.EVENT, value: wake({ contract: 1, kind: 'once', sensor: part.identifier, fingerprint: hash }) }] },
  };
  assembly.custom('argoproj.io/v1alpha1', 'Workflow', `${axon}-${part.identifier}-${hash}`, 'run', spec, { [LABEL.SENSOR]: part.identifier });
}

/** A CronWorkflow names its runs after the time they were due, so a tick that is replayed is the same run. */
function contributeCalendar(assembly: Assembly, axon: string, part: SensorPart, trigger: CalendarTriggerSpec): void {
  const tick: WakeDocument = {
    contract: 1, kind: 'calendar', sensor: part.identifier, trigger: trigger.name, scheduledTime: '{{workflow.scheduledTime}}',
  };
  const spec: CronWorkflowSpec = {
    schedules: [trigger.schedule],
    timezone: trigger.timezone,
    concurrencyPolicy: 'Allow',
    startingDeadlineSeconds: 600,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 3,
    workflowMetadata: { labels: { ...assembly.labels('run'), [LABEL.SENSOR]: part.identifier } },
    workflowSpec: {
      entrypoint: sensorTemplate(part.identifier),
      workflowTemplateRef: { name: axon },
      arguments: { parameters: [{ name: PARAMETER.EVENT, value: wake(tick) }] },
      ttlStrategy: RUN_TTL,
    },
  };
  assembly.custom('argoproj.io/v1alpha1', 'CronWorkflow', `${axon}-${part.identifier}`, 'calendar', spec);
}
