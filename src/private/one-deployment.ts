import { Loop, SensorPart } from './loop';

/** Whether a run of a sensor is one deployment alone, which then decides by itself. */
export function isOneDeployment(loop: Loop, { stages }: SensorPart): boolean {
  const [step, ...others] = stages.flat();
  return others.length === 0 && step.kind === 'deploy' && !(loop.model(step.name)?.servers ?? []).some((server) => isBuilt(loop, server));
}

/** Whether a run that needs a task's image makes it first. */
export function isBuilt(loop: Loop, task: string): boolean {
  return loop.task(task)?.image().build !== undefined;
}
