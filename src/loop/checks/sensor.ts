import { either, phrase } from '../../problem/phrase';
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
  const { path, identifier, userName, triggers, conditions } = sensor;
  const found: Problem[] = [];
  if (identifier === 'sweep') {
    found.push(error(path, 'reserved', 'name', userName, "is the name of the loop's own clean-up runs", 'rename the sensor'));
  }
  if (triggers.filter(({ kind }) => kind === 'calendar').length > 1) {
    found.push(error(path, 'two-schedules', 'on', userName, 'waits for two times at once', 'make one schedule of them, or two sensors'));
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
    return [error(sensor.path, 'never-runs', 'on', taskOf(loop, trigger.task)!.userName, 'is a task that no sensor runs, so this one can never fire',
      'run it in some sensor')];
  }
  return trigger.kind === 'alert' ? alertProblems(loop, sensor, trigger) : [];
}

function alertProblems({ sensors }: Loop, sensor: SensorData, { name, expression }: AlertTriggerData): Problem[] {
  const { path, userName } = sensor;
  const at = { item: name };
  const found = alertProblem(expression, { retrains: true });
  const before = sensors.filter(({ identifier }) => identifier < sensor.identifier);
  const twin = before.find(({ triggers }) => triggers.some((other) => other.kind === 'alert' && other.expression === expression));
  return [
    ...(found ? [error(path, found.code, 'expression', expression, found.rule, found.remedy, { within: 'on', ...at })] : []),
    ...before.filter((other) => hasAlertName(other, alertName('', sensor, name))).map((other) => error(path, 'duplicate', 'on', `${userName} ${name}`,
      `has the name of an alert of sensor '${other.userName}' when both are joined by a dash`, 'rename one of them', at)),
    ...(twin ? [error(path, 'same-alert', 'on', expression, `is an alert of sensor '${twin.userName}', too, and both would act on it`,
      'keep it in one of them', at)] : []),
  ];
}

/** Sensor `a-b` with trigger `c` and sensor `a` with trigger `b-c` give their alerts the same name. */
function hasAlertName(sensor: SensorData, name: string): boolean {
  return sensor.triggers.some((trigger) => trigger.kind === 'alert' && alertName('', sensor, trigger.name) === name);
}

function conditionProblems(loop: Loop, sensor: SensorData, condition: ConditionData): Problem[] {
  if (condition.kind === 'betterThanLive') {
    return trainersOf(modelOf(loop, condition.model)!).flatMap((trainer) => metricProblems(loop, sensor, trainer, condition.metric));
  }
  if (condition.kind === 'promql' || condition.task === undefined) {
    return [];
  }
  const { task, metric } = condition;
  const found = metricProblems(loop, sensor, task, metric);
  if (found.length === 0 && !sensor.triggers.some((trigger) => trigger.kind === 'task' && trigger.task === task)) {
    found.push(warning(sensor.path, 'metric-of-other-run', 'when', metric, `is of task '${task}', which does not trigger this sensor: its latest run is asked`,
      'add the task to what the sensor waits for, if this run is meant'));
  }
  return found;
}

function metricProblems(loop: Loop, { path }: SensorData, name: string, metric: string): Problem[] {
  const task = taskOf(loop, name);
  const published = task === undefined ? [] : publishedMetrics(task);
  return published.length === 0 || published.includes(metric) ? []
    : [error(path, 'unknown-metric', 'when', metric, `is no metric of task '${task!.userName}', so the condition would never be met`, suggest(metric, published))];
}

function parameterProblems(loop: Loop, { path, parameters, triggers }: SensorData): Problem[] {
  const known = Object.keys(loop.parameters);
  const found = parameters.filter((parameter) => !known.includes(parameter)).map((parameter) => error(path, 'not-found', 'parameters', parameter,
    'is no parameter of the axon', suggest(parameter, known), { item: parameter }));
  if (parameters.length > 0 && !triggers.some(({ kind }) => kind === 'rest')) {
    found.push(error(path, 'rest-trigger-missing', 'parameters', parameters.join(', '), 'come with a call, and the sensor waits for none',
      phrase`add a ${either("'Trigger.rest(…)'", "trigger of type 'Rest'")}, or leave them out`));
  }
  return found;
}

function runProblems(loop: Loop, { path, userName, stages }: SensorData): Problem[] {
  const found: Problem[] = [];
  for (const { name } of stages.flat().filter(({ kind }) => kind === 'deploy')) {
    const model = modelOf(loop, name);
    for (const trainer of model === undefined ? [] : trainersOf(model).filter((task) => !tasksThatRun(loop).has(task))) {
      found.push(error(path, 'never-runs', 'run', name, `serves what '${trainer}' trains, and no sensor runs that task`, 'run it in some sensor'));
    }
  }
  const { claim } = loop.storage;
  if (claim?.access === 'ReadWriteOnce' && stages.some((stage) => stage.length > 1)) {
    found.push(warning(path, 'one-node', 'run', userName,
      `runs tasks side by side, and the claim '${claim.name}' (ReadWriteOnce) keeps them all on one node`, 'use ReadWriteMany to spread them'));
  }
  return found;
}
