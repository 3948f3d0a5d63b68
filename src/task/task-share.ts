import { Assembly } from '../private/assembly';
import { Loop, TaskPart } from '../private/loop';
import { TaskProps } from './task-props';
import { buildTemplate, taskTemplate } from './task-template';

/** A task's share of the manifests: the template that runs it, and the one that builds its image. @internal */
export function contributeTask(assembly: Assembly, loop: Loop, task: TaskPart, props: TaskProps): void {
  contributeBuild(assembly, loop, task);
  assembly.templates.push(taskTemplate(loop, task, props));
}

/** @internal */
export function contributeBuild(assembly: Assembly, loop: Loop, task: TaskPart): void {
  const { build } = task.image();
  if (build !== undefined) {
    assembly.templates.push(buildTemplate(loop, task, build));
  }
}
