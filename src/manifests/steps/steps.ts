import { ContainerData } from '../../loop/container';
import { derived, Loop, tunerOf } from '../../loop/loop';
import { buildOf } from '../../loop/references';
import { TaskData } from '../../loop/task';
import { build } from './build';
import { deploy } from './deploy';
import { emit, needsEmitStep } from './emit';
import { gate } from './gate';
import { Step } from './step';
import { sweep } from './sweep';
import { task } from './task';
import { tune } from './tune';

/** Every step that a run of the axon can have. */
export const stepsOf = derived((loop: Loop): readonly Step[] => [
  gate(loop),
  sweep(loop),
  ...(needsEmitStep(loop) ? [emit(loop)] : []),
  ...loop.tasks.flatMap((data) => [...builds(loop, data), taskStep(loop, data)]),
  ...loop.servers.flatMap((server) => builds(loop, server)),
  ...loop.models.map((model) => deploy(loop, model)),
]);

function builds(loop: Loop, container: ContainerData): Step[] {
  const recipe = buildOf(loop, container.identifier);
  return recipe === undefined ? [] : [build(loop, container, recipe)];
}

function taskStep(loop: Loop, data: TaskData): Step {
  const tuner = tunerOf(loop, data.identifier);
  return tuner === undefined ? task(loop, data) : tune(loop, data, tuner);
}
