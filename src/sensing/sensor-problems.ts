import { Loop, SensorPart } from '../private/loop';
import { ConditionSpec, TriggerSpec } from '../private/specs';
import { suggest } from '../private/suggest';
import { either, phrase, prop } from '../problem/phrase';
import { error, Problem, warning } from '../problem/problem';
import { alertProblem } from '../promql';
import { DeclaredSensor } from './declared-sensor';
import { alertName } from './sensor-share';

/** What is wrong with a sensor, seen from the whole loop. */
export function sensorProblems(sensor: DeclaredSensor, part: SensorPart): Problem[] {
  const loop = sensor._loop;
  const { path } = sensor.node;
  const found: Problem[] = [];
  if (part.identifier === 'sweep') {
    found.push(error(path, 'reserved', 'name', part.userName, "is the name of the loop's own clean-up runs", 'rename the sensor'));
  }
  if (part.triggers.filter((trigger) => trigger.kind === 'calendar').length > 1) {
    found.push(error(path, 'two-schedules', 'on', part.userName, 'waits for two times at once', 'make one schedule of them, or two sensors'));
  }
  for (const trigger of part.triggers) {
    found.push(...triggerProblems(sensor, part, trigger));
  }
  for (const condition of sensor._conditions()) {
    found.push(...conditionProblems(sensor, part, condition));
  }
  for (const parameter of sensor._parameters) {
    const known = Object.keys(loop.identity.parameters);
    if (!known.includes(parameter)) {
      found.push(error(path, 'not-found', 'parameters', parameter, 'is no parameter of the axon', suggest(parameter, known), { item: parameter }));
    }
  }
  if (sensor._parameters.length > 0 && !part.triggers.some((trigger) => trigger.kind === 'rest')) {
    found.push(error(path, 'rest-trigger-missing', 'parameters', sensor._parameters.join(', '), 'come with a call, and the sensor waits for none',
      phrase`add a ${either("'Trigger.rest(…)'", "trigger of type 'Rest'")}, or leave them out`));
  }
  found.push(...runProblems(sensor, part), ...cycleProblems(loop, sensor, part));
  return found;
}

function triggerProblems(sensor: DeclaredSensor, part: SensorPart, trigger: TriggerSpec): Problem[] {
  const loop = sensor._loop;
  const { path } = sensor.node;
  if (trigger.kind === 'task') {
    const task = loop.task(trigger.task)!;
    const run = loop.sensors.some(({ stages }) => stages.some((stage) => stage.some((step) => step.kind === 'task' && step.name === trigger.task)));
    return run ? [] : [error(path, 'never-runs', 'on', task.userName, 'is a task that no sensor runs, so this one can never fire', 'run it in some sensor')];
  }
  if (trigger.kind === 'alert') {
    const twin = loop.sensors.find((other) => other.identifier < part.identifier
      && other.triggers.some((there) => there.kind === 'alert' && there.expression === trigger.expression));
    const pointless = alertProblem(trigger.expression, { retrains: true });
    const item = trigger.name;
    return [
      ...(pointless ? [error(path, pointless.code, 'expression', trigger.expression, pointless.rule, pointless.remedy, { within: 'on', item })] : []),
      ...namesakes(loop, part, trigger).map((other) => error(path, 'duplicate', 'on', `${part.userName} ${trigger.name}`,
        `has the name of an alert of sensor '${other.userName}' when both are joined by a dash`, 'rename one of them', { item })),
      ...(twin ? [error(path, 'same-alert', 'on', trigger.expression, `is an alert of sensor '${twin.userName}', too, and both would act on it`,
        'keep it in one of them', { item })] : []),
    ];
  }
  return [];
}

/** Sensors before this one of which an alert is called the same: `a-b` and `c` join to what `a` and `b-c` do. */
function namesakes(loop: Loop, part: SensorPart, trigger: TriggerSpec): SensorPart[] {
  const name = alertName('', part, trigger.name);
  return loop.sensors.filter((other) => other.identifier < part.identifier
    && other.triggers.some((there) => there.kind === 'alert' && alertName('', other, there.name) === name));
}

function conditionProblems(sensor: DeclaredSensor, part: SensorPart, condition: ConditionSpec): Problem[] {
  const loop = sensor._loop;
  if (condition.kind === 'promql') {
    return [];
  }
  if (condition.kind === 'betterThanLive') {
    const trainers = loop.model(condition.model)!.trainers.flatMap((name) => loop.task(name) ?? []);
    return trainers.flatMap((task) => metricProblems(sensor, task.identifier, condition.metric));
  }
  if (condition.task === undefined) {
    return [];
  }
  const found = metricProblems(sensor, condition.task, condition.metric);
  if (found.length === 0 && !part.triggers.some((trigger) => trigger.kind === 'task' && trigger.task === condition.task)) {
    found.push(warning(sensor.node.path, 'metric-of-other-run', 'when', condition.metric,
      `is of task '${condition.task}', which does not trigger this sensor: its latest run is asked`,
      'add the task to what the sensor waits for, if this run is meant'));
  }
  return found;
}

function metricProblems(sensor: DeclaredSensor, name: string, metric: string): Problem[] {
  const task = sensor._loop.task(name)!;
  return task.metrics.length === 0 || task.metrics.includes(metric) ? []
    : [error(sensor.node.path, 'unknown-metric', 'when', metric, `is no metric of task '${task.userName}', so the condition would never be met`,
      suggest(metric, task.metrics))];
}

function runProblems(sensor: DeclaredSensor, part: SensorPart): Problem[] {
  const loop = sensor._loop;
  const { path } = sensor.node;
  const found: Problem[] = [];
  for (const step of part.stages.flat()) {
    for (const trainer of step.kind === 'deploy' ? loop.model(step.name)?.trainers ?? [] : []) {
      const trained = loop.sensors.some(({ stages }) => stages.some((stage) => stage.some((other) => other.kind === 'task' && other.name === trainer)));
      if (!trained) {
        found.push(error(path, 'never-runs', 'run', step.name, `serves what '${trainer}' trains, and no sensor runs that task`, 'run it in some sensor'));
      }
    }
  }
  const node = loop.identity.storage.claim;
  if (node?.access === 'ReadWriteOnce' && part.stages.some((stage) => stage.length > 1)) {
    found.push(warning(path, 'one-node', 'run', part.userName,
      `runs tasks side by side, and the claim '${node.name}' (ReadWriteOnce) keeps them all on one node`, 'use ReadWriteMany to spread them'));
  }
  return found;
}

/** A sensor that in the end wakes itself, with no guard anywhere on the way. */
function cycleProblems(loop: Loop, sensor: DeclaredSensor, part: SensorPart): Problem[] {
  const way = wayBack(loop, part);
  return way === undefined ? [] : [error(sensor.node.path, 'sensor-cycle', 'on', way.map((step) => step.userName).join(' -> '),
    'is a loop without a guard: each run causes the next', phrase`give one of its sensors a ${prop('guard')}, or break it`)];
}

/** The shortest way from a sensor back to itself over what it runs and who listens to that; reported at its first name only. */
function wayBack(loop: Loop, start: SensorPart): SensorPart[] | undefined {
  if (start.guarded) {
    return undefined;
  }
  const reached = new Map<SensorPart, SensorPart[]>([[start, [start]]]);
  for (const [current, way] of reached) {
    for (const next of wokenBy(loop, current)) {
      if (next === start) {
        return way.every((step) => step.identifier >= start.identifier) ? [...way, start] : undefined;
      }
      if (!next.guarded && !reached.has(next)) {
        reached.set(next, [...way, next]);
      }
    }
  }
  return undefined;
}

function wokenBy(loop: Loop, sensor: SensorPart): SensorPart[] {
  const runs = new Set(sensor.stages.flat().filter((step) => step.kind === 'task').map((step) => step.name));
  return loop.sensors.filter(({ triggers }) => triggers.some((trigger) => trigger.kind === 'task' && runs.has(trigger.task)));
}
