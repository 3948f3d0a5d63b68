import { IStep, Step } from '../../common/step';
import { RetrainGuard } from '../../sensing/retrain-guard';
import { Sensor, SensorProps } from '../../sensing/sensor';
import { GuardKeys, SensorKeys, StepKeys } from '../schema/sensor-shape';
import { Leaf } from '../schema/shape';
import { Builder } from './builder';
import { buildConditions } from './conditions';
import { Names } from './names';
import { buildTriggers } from './triggers';

const ROOM = 'sensors';
const WORDS = { steps: 'tasks', alert: 'triggers', expression: 'triggers.condition', sensorName: 'name', callParameters: 'parameters' };

/** Makes the sensors of an axon. */
export function buildSensors(sensors: SensorKeys[], builder: Builder): void {
  const names = new Names<SensorKeys>('sensor', builder.report);
  for (const keys of sensors) {
    const made = keys.name !== undefined && names.add(keys.name, keys) && buildSensor(keys, keys.name.value, builder);
    builder.incomplete ||= !made;
  }
}

function buildSensor(keys: SensorKeys, name: string, builder: Builder): Sensor | undefined {
  const triggers = buildTriggers(keys, builder);
  const conditions = buildConditions(keys, builder);
  const stages = keys.tasks?.map((members) => members.map((step) => buildStep(step, builder))) ?? [];
  const steps = stages.flatMap((members): IStep[] => {
    const known = members.flatMap((step) => step ?? []);
    return known.length === 0 ? [] : known.length === 1 ? known : [Step.parallel(...known)];
  });
  const whole = [...triggers, ...conditions, ...stages.flat()].every((part) => part !== undefined);
  const props: SensorProps = {
    triggers: triggers.flatMap((trigger) => trigger ?? []),
    conditions: conditions.flatMap((condition) => condition ?? []),
    steps,
    callParameters: keys.parameters?.flatMap((parameter) => parameter.name?.value ?? []),
    guard: keys.guard && buildGuard(keys.guard, builder),
  };
  if (steps.length === 0 && (keys.tasks === undefined || keys.tasks.length > 0)) {
    return undefined;
  }
  const sensor = builder.attemptPart({ keys: keys.$, words: WORDS }, ROOM, name, (scope) => new Sensor(scope, name, props));
  if (sensor !== undefined && !whole) {
    builder.excuse(sensor);
  }
  return sensor;
}

/** One step; undefined if it has an error, which is reported. */
function buildStep(step: StepKeys, builder: Builder): IStep | undefined {
  const { resourceExecutor, trainer, deployer, $ } = step;
  const kinds = ['resourceExecutor', 'trainer', 'deployer'].filter((kind) => $.has(kind));
  if (kinds.length !== 1) {
    builder.report.error($.place, 'exclusive', 'tasks', kinds.length === 0 ? 'nothing' : kinds.join(' and '), "must be exactly one of 'resourceExecutor', 'trainer' and 'deployer'",
      kinds.length === 0 ? 'add one' : "make a step of each, with a '- ' of its own");
    return undefined;
  }
  if (deployer !== undefined) {
    return builder.deployers.all.find(({ keys }) => keys === deployer)?.graph?.deploy();
  }
  const name = (resourceExecutor ?? trainer)?.task;
  return name && taskStep(name, trainer !== undefined, builder);
}

function taskStep(name: Leaf<string>, trains: boolean, { tasks, report }: Builder): IStep | undefined {
  const declared = tasks.find('task', name);
  if (declared?.body === 'deploy') {
    report.error(name.place, 'wrong-type', 'task', name.value, "has a 'deploy' body: it is a model server, not a step of a run", "name it in the 'backendModels' of a 'deployer'");
    return undefined;
  }
  if (trains && declared?.body === 'container') {
    report.error(name.place, 'wrong-type', 'task', name.value, "has a 'container' body, and a trainer runs tasks with a 'train' body", "run it by 'resourceExecutor'");
    return undefined;
  }
  return declared?.task;
}

function buildGuard({ cooldown, runs, per, backoff, sameData, $ }: GuardKeys, builder: Builder): RetrainGuard | undefined {
  return builder.attempt({ keys: $, words: {} }, () => RetrainGuard.standard({
    cooldown: cooldown?.value, runs: runs?.value, per: per?.value, backoff: backoff?.value, sameData: sameData?.value,
  }));
}
