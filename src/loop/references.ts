import { builtInRun, RecipeData } from './image';
import { containerOf, derived, Loop, modelOf, taskOf } from './loop';
import { serversOf, trainersOf } from './model';
import { BetterThanLiveData, SensorData, StepData } from './sensor';
import { ObjectiveData, TaskData } from './task';

/** Above this many tasks each reads only those of the stage before it: the list would grow with the square. */
const READS_ALL_UP_TO = 24;

/** The tasks whose folders a task can read. */
export function inputsOf(loop: Loop, task: TaskData): TaskData[] {
  const others = () => loop.tasks.filter(({ identifier }) => identifier !== task.identifier);
  if (task.inputs !== undefined) {
    const named = new Set(task.inputs.map(({ identifier }) => identifier));
    return others().filter(({ identifier }) => named.has(identifier));
  }
  if (loop.tasks.length <= READS_ALL_UP_TO) {
    return others();
  }
  return [...stagesBefore(loop).get(task.identifier) ?? []].sort().flatMap((name) => taskOf(loop, name) ?? []);
}

/** The tasks of the stages right before each task, over all runs that it is part of. */
const stagesBefore = derived((loop) => {
  const before = new Map<string, Set<string>>();
  for (const { stages } of loop.sensors) {
    stages.forEach((stage, index) => stage.forEach(({ name }) => {
      const names = before.get(name) ?? new Set();
      stages[index - 1]?.filter(({ kind }) => kind === 'task').forEach((step) => names.add(step.name));
      before.set(name, names);
    }));
  }
  return before;
});

/** Whether a deployed model serves what the task trains: the task can then compare its result with the live model. */
export function isServed(loop: Loop, task: TaskData): boolean {
  return task.kind === 'training' && servedTrainings(loop).has(task.identifier);
}

const servedTrainings = derived((loop) => new Set(loop.models.flatMap(trainersOf)));

/** How a run builds the image of a task or model server; undefined when the image is ready, or built outside the cluster. */
export function buildOf(loop: Loop, container: string): RecipeData | undefined {
  const found = containerOf(loop, container);
  return found && builtInRun(found.image, loop.platform);
}

/** Whether a run of a sensor is one deployment alone, which then decides by itself and needs no gate. */
export function isOneDeployment(loop: Loop, { stages }: SensorData): boolean {
  const [step, ...others] = stages.flat();
  return others.length === 0 && step?.kind === 'deploy' && !imagesOf(loop, step).some((name) => buildOf(loop, name) !== undefined);
}

/** The tasks and model servers whose images a step needs. */
export function imagesOf(loop: Loop, step: StepData): string[] {
  if (step.kind === 'task') {
    return [step.name];
  }
  const model = modelOf(loop, step.name);
  return model === undefined ? [] : serversOf(model);
}

/** The tasks that some sensor runs. */
export const tasksThatRun = derived((loop) => new Set(
  loop.sensors.flatMap(({ stages }) => stages.flat()).filter(({ kind }) => kind === 'task').map(({ name }) => name),
));

/** Which way a comparison with the live version goes: unless it says so itself, as the objective of the model's training if that is the metric. */
export function directionOf(loop: Loop, { model, metric, direction }: BetterThanLiveData): ObjectiveData['direction'] {
  const [trainer] = trainersOf(modelOf(loop, model)!);
  const objective = taskOf(loop, trainer)?.objective;
  return direction ?? (objective?.metric === metric ? objective.direction : 'maximize');
}
