import { eventSourceService, ledgerName, releasesName, STORE_PATH, WEBHOOK_PORT } from '../../contract/constants';
import { AxonDocument, AxonSensor, SensorCondition, SensorTrigger } from '../../contract/documents';
import { canonical } from '../../loop/canonical';
import { alertName, phasesOf } from '../../loop/events';
import { Loop } from '../../loop/loop';
import { trainersOf } from '../../loop/model';
import { directionOf } from '../../loop/references';
import { ConditionData, isRunOnce, SensorData, TriggerData, watchedModel } from '../../loop/sensor';
import { publishedMetrics } from '../../loop/task';
import { runFingerprint } from '../run-fingerprint';

/** Describes the axon to every program of the runtime. */
export function axonDocument(loop: Loop): AxonDocument {
  const { name, namespace, platform, labels } = loop;
  return {
    contract: 1,
    axon: name,
    namespace,
    ledger: ledgerName(name),
    releases: releasesName(name),
    store: { path: STORE_PATH },
    webhook: { url: `http://${eventSourceService(name)}.${namespace}.svc:${WEBHOOK_PORT}` },
    prometheus: { url: platform.prometheus },
    ...(labels && { labels: canonical(labels) }),
    tasks: loop.tasks.map((task) => ({
      name: task.identifier,
      kind: task.kind,
      metrics: publishedMetrics(task),
      ...(task.objective && { objective: task.objective }),
      emits: [...phasesOf(loop, task.identifier)].sort(),
    })),
    sensors: loop.sensors.map((sensor) => axonSensor(loop, sensor)),
    models: loop.models.map((model) => ({ name: model.identifier, trainers: trainersOf(model), captures: model.capture !== undefined })),
  };
}

function axonSensor(loop: Loop, sensor: SensorData): AxonSensor {
  const model = watchedModel(sensor);
  return {
    name: sensor.identifier,
    ...(isRunOnce(sensor) && { once: { fingerprint: runFingerprint(loop, sensor) } }),
    triggers: sensor.triggers.map((trigger) => sensorTrigger(loop.name, sensor, trigger)),
    conditions: sensor.conditions.map((condition) => sensorCondition(loop, condition)),
    ...(sensor.guard && { guard: { ...(model !== undefined && { model }), ...sensor.guard } }),
    runs: sensor.stages.map((stage) => stage.map((step) => step.name)),
    parameters: [...sensor.parameters].sort(),
  };
}

function sensorTrigger(axon: string, sensor: SensorData, trigger: TriggerData): SensorTrigger {
  if (trigger.kind !== 'alert') {
    return trigger;
  }
  const { kind, name, expression, sustainedSeconds, model } = trigger;
  return { kind, name, alert: alertName(axon, sensor, name), expression, forSeconds: sustainedSeconds, ...(model && { model }) };
}

function sensorCondition(loop: Loop, condition: ConditionData): SensorCondition {
  if (condition.kind !== 'betterThanLive') {
    return condition;
  }
  const { kind, model, metric, margin } = condition;
  return { kind, model, metric, direction: directionOf(loop, condition), margin };
}
