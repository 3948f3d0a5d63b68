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
  ...loop.tasks.flatMap((data) => [...builds(loop, data), ...runs(loop, data)]),
  ...loop.models.map((model) => deploy(loop, model)),
]);

function builds(loop: Loop, data: TaskData): Step[] {
  const recipe = buildOf(loop, data.identifier);
  return recipe === undefined ? [] : [build(loop, data, recipe)];
}

/** A deploy task does not run: a model graph deploys it. */
function runs(loop: Loop, data: TaskData): Step[] {
  if (data.kind === 'deploy') {
    return [];
  }
  const tuner = tunerOf(loop, data.identifier);
  return [tuner === undefined ? task(loop, data) : tune(loop, data, tuner)];
}
