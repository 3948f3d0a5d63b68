import { either, phrase, prop } from '../../problem/phrase';
import { error, Problem, warning } from '../../problem/problem';
import { alertProblem } from '../../promql';
import { suggest } from '../../validate/suggest';
import { alertName } from '../events';
import { Loop, modelOf, taskOf } from '../loop';
import { trainersOf } from '../model';
import { tasksThatRun } from '../references';
import { AlertTriggerData, ConditionData, SensorData, TriggerData } from '../sensor';
import { publishedMetrics } from '../task';
import { cycleProblems } from './cycle';

/** Checks one sensor against the whole loop. */
export function sensorProblems(loop: Loop, sensor: SensorData): Problem[] {
  const { path, identifier, userName, triggers, conditions, stages } = sensor;
  const found: Problem[] = [];
  if (identifier === 'sweep') {
    found.push(error(path, 'reserved', 'sensorName', userName, "is the name of the loop's own clean-up runs",
      either("set another 'sensorName'", 'rename the sensor')));
  }
  if (triggers.filter(({ kind }) => kind === 'calendar').length > 1) {
    found.push(error(path, 'two-schedules', 'triggers', userName, 'has two calendar triggers, which never fire together', 'use one schedule, or make two sensors'));
  }
  if (stages.length === 0) {
    found.push(error(path, 'empty', 'steps', [], 'must hold at least one step', either("set 'steps' or call 'addStep'", 'add a task')));
  }
  return [
    ...found,
    ...triggers.flatMap((trigger) => triggerProblems(loop, sensor, trigger)),
    ...conditions.flatMap((condition) => conditionProblems(loop, sensor, condition)),
    ...parameterProblems(loop, sensor),
    ...runProblems(loop, sensor),
    ...cycleProblems(loop, sensor),
  ];
}

function triggerProblems(loop: Loop, sensor: SensorData, trigger: TriggerData): Problem[] {
  if (trigger.kind === 'task' && !tasksThatRun(loop).has(trigger.task)) {
    return [error(sensor.path, 'never-runs', 'triggers', taskOf(loop, trigger.task)!.userName, 'is a task that no sensor runs, so the trigger never fires',
      'run the task in a sensor')];
  }
  return trigger.kind === 'alert' ? alertProblems(loop, sensor, trigger) : [];
}

function alertProblems({ name: axon, sensors }: Loop, sensor: SensorData, { name, expression }: AlertTriggerData): Problem[] {
  const { path } = sensor;
  const at = { within: 'triggers', item: name };
  const found = alertProblem(expression, { retrains: true });
  const alert = alertName(axon, sensor, name);
  const before = sensors.filter(({ identifier }) => identifier < sensor.identifier);
  const twin = before.find(({ triggers }) => triggers.some((other) => other.kind === 'alert' && other.expression === expression));
  return [
    ...(found ? [error(path, found.code, 'expression', expression, found.rule, found.remedy, at)] : []),
    ...before.filter((other) => alertNames(axon, other).includes(alert)).map((other) => error(path, 'duplicate', 'name', name,
      `gives the alert the name '${alert}', which is also that of an alert of sensor '${other.userName}'`, 'rename a trigger or a sensor', at)),
    ...(twin ? [error(path, 'same-alert', 'alert', expression, `is also an alert of sensor '${twin.userName}', and both would act on it`,
      'remove it from one of them', at)] : []),
  ];
}

/** Sensor `a-b` with trigger `c` and sensor `a` with trigger `b-c` have alerts of the same name. */
function alertNames(axon: string, sensor: SensorData): string[] {
  return sensor.triggers.filter(({ kind }) => kind === 'alert').map(({ name }) => alertName(axon, sensor, name));
}

function conditionProblems(loop: Loop, sensor: SensorData, condition: ConditionData): Problem[] {
  if (condition.kind === 'betterThanLive') {
    return trainersOf(modelOf(loop, condition.model)!).flatMap((trainer) => metricProblems(loop, sensor, trainer, condition.metric));
  }
  if (condition.kind === 'promql') {
    return [];
  }
  const { task, metric } = condition;
  const found = metricProblems(loop, sensor, task, metric);
  if (found.length === 0 && !sensor.triggers.some((trigger) => trigger.kind === 'task' && trigger.task === task)) {
    found.push(warning(sensor.path, 'metric-of-other-run', 'conditions', metric, `is of task '${task}', which does not trigger this sensor, so its latest run counts`,
      phrase`add the end of the task to ${prop('triggers')} if the triggering run is meant`));
  }
  return found;
}

function metricProblems(loop: Loop, { path }: SensorData, name: string, metric: string): Problem[] {
  const task = taskOf(loop, name);
  const published = task === undefined ? [] : publishedMetrics(task);
  return published.length === 0 || published.includes(metric) ? []
    : [error(path, 'unknown-metric', 'conditions', metric, `is no metric of task '${task!.userName}', so the condition would never be met`, suggest(metric, published))];
}

function parameterProblems(loop: Loop, { path, parameters, triggers }: SensorData): Problem[] {
  const known = Object.keys(loop.parameters);
  const found = parameters.filter((parameter) => !known.includes(parameter)).map((parameter) => error(path, 'not-found', 'callParameters', parameter,
    'is no parameter of the axon', suggest(parameter, known), { item: parameter }));
  if (parameters.length > 0 && !triggers.some(({ kind }) => kind === 'rest')) {
    found.push(error(path, 'rest-trigger-missing', 'callParameters', parameters.join(', '), 'are set by REST calls, but the sensor has no REST trigger',
      phrase`add a ${either("'Trigger.rest(…)'", "trigger of type 'Rest'")}, or remove ${prop('callParameters')}`));
  }
  return found;
}

function runProblems(loop: Loop, { path, userName, stages }: SensorData): Problem[] {
  const found: Problem[] = [];
  for (const { name } of stages.flat().filter(({ kind }) => kind === 'deploy')) {
    const model = modelOf(loop, name);
    for (const trainer of model === undefined ? [] : trainersOf(model).filter((task) => !tasksThatRun(loop).has(task))) {
      found.push(error(path, 'never-runs', 'steps', name, `serves what '${trainer}' trains, and no sensor runs that task`, 'run the task in a sensor'));
    }
  }
  const { access, claimName } = loop.storage;
  if (access === 'ReadWriteOnce' && stages.some((stage) => stage.length > 1)) {
    found.push(warning(path, 'one-node', 'steps', userName,
      `runs tasks in parallel, and the claim '${claimName}' (ReadWriteOnce) keeps them all on one node`, 'use ReadWriteMany to spread them'));
  }
  return found;
}
