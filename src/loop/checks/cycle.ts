import { phrase, prop } from '../../problem/phrase';
import { error, Problem } from '../../problem/problem';
import { sortedBy } from '../canonical';
import { derived, Loop } from '../loop';
import { SensorData } from '../sensor';

/** Finds a cycle of sensors that trigger each other without a guard. */
export function cycleProblems(loop: Loop, sensor: SensorData): Problem[] {
  const cycle = cycleOf(loop, sensor);
  return cycle === undefined ? [] : [error(sensor.path, 'sensor-cycle', 'triggers', cycle.map(({ userName }) => userName).join(' -> '),
    'is a cycle without a guard, and each run triggers the next', phrase`give one of its sensors a ${prop('guard')}, or remove a trigger`)];
}

/** The shortest cycle through a sensor, over the tasks that it runs and the sensors that their ends trigger; only its first name reports it. */
function cycleOf(loop: Loop, start: SensorData): SensorData[] | undefined {
  if (start.guard !== undefined) {
    return undefined;
  }
  const reached = new Map<SensorData, SensorData[]>([[start, [start]]]);
  for (const [current, way] of reached) {
    for (const next of triggeredBy(loop, current)) {
      if (next === start) {
        return way.every(({ identifier }) => identifier >= start.identifier) ? [...way, start] : undefined;
      }
      if (next.guard === undefined && !reached.has(next)) {
        reached.set(next, [...way, next]);
      }
    }
  }
  return undefined;
}

/** The sensors that the ends of a sensor's tasks trigger. */
function triggeredBy(loop: Loop, { stages }: SensorData): SensorData[] {
  const tasks = stages.flat().filter(({ kind }) => kind === 'task');
  const found = new Set(tasks.flatMap(({ name }) => sensorsByTask(loop).get(name) ?? []));
  return sortedBy(found, ({ identifier }) => identifier);
}

const sensorsByTask = derived((loop) => {
  const found = new Map<string, SensorData[]>();
  for (const sensor of loop.sensors) {
    for (const trigger of sensor.triggers) {
      if (trigger.kind === 'task') {
        const triggered = found.get(trigger.task) ?? [];
        triggered.push(sensor);
        found.set(trigger.task, triggered);
      }
    }
  }
  return found;
});
