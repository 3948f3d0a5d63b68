import { LABEL, PARAMETER, RUN_TTL, sensorTemplate } from '../contract/constants';
import { ArgoCronWorkflowSpec } from '../crd/argo-workflows';
import { Loop } from '../loop/loop';
import { CalendarTriggerData, SensorData } from '../loop/sensor';
import { wakeText } from './documents/wake';
import { axonLabels } from './labels';
import { Manifest } from './manifest';

/** The sweep, and a CronWorkflow for each calendar trigger. */
export function cronWorkflows(loop: Loop): Manifest[] {
  const calendars = loop.sensors.flatMap((sensor) => sensor.triggers.flatMap((trigger) => (trigger.kind === 'calendar' ? [{ sensor, trigger }] : [])));
  return [sweep(loop), ...calendars.map(({ sensor, trigger }) => calendar(loop, sensor, trigger))];
}

/** Every five minutes is often enough: the losses that it repairs are rare, and each run costs a pod. */
function sweep(loop: Loop): Manifest {
  const { name: axon, namespace } = loop;
  const spec: ArgoCronWorkflowSpec = {
    schedules: ['*/5 * * * *'],
    timezone: 'Etc/UTC',
    concurrencyPolicy: 'Forbid',
    startingDeadlineSeconds: 240,
    successfulJobsHistoryLimit: 1,
    failedJobsHistoryLimit: 3,
    workflowMetadata: { labels: axonLabels(loop, 'sweep') },
    workflowSpec: {
      entrypoint: 'sweep', workflowTemplateRef: { name: axon }, ttlStrategy: { secondsAfterSuccess: 600, secondsAfterFailure: 24 * 60 * 60 },
    },
  };
  const name = `${axon}-sweep`;
  return { kind: 'CronWorkflow', id: name, name, namespace, labels: axonLabels(loop, 'sweep'), body: { spec } };
}

/** Argo names the runs after the time that they were due, so a tick that is replayed is the same run. */
function calendar(loop: Loop, sensor: SensorData, { name: trigger, schedule, timezone }: CalendarTriggerData): Manifest {
  const { name: axon, namespace } = loop;
  const tick = wakeText({
    contract: 1, kind: 'calendar', sensor: sensor.identifier, trigger, scheduledTime: '{{workflow.scheduledTime}}',
  });
  const spec: ArgoCronWorkflowSpec = {
    schedules: [schedule],
    timezone,
    concurrencyPolicy: 'Allow',
    startingDeadlineSeconds: 600,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 3,
    workflowMetadata: { labels: { ...axonLabels(loop, 'run'), [LABEL.SENSOR]: sensor.identifier } },
    workflowSpec: {
      entrypoint: sensorTemplate(sensor.identifier),
      workflowTemplateRef: { name: axon },
      arguments: { parameters: [{ name: PARAMETER.EVENT, value: tick }] },
      ttlStrategy: RUN_TTL,
    },
  };
  const name = `${axon}-${sensor.identifier}`;
  return { kind: 'CronWorkflow', id: name, name, namespace, labels: axonLabels(loop, 'calendar'), body: { spec } };
}
