import { DATA_HASH_PATH, folderParameter, METRICS_PATH, OUT_PATH } from '../../contract/constants';
import { ArgoParameter } from '../../crd/argo-workflows';
import { derived, Loop, taskOf } from '../../loop/loop';
import { buildOf, inputsOf, isServed } from '../../loop/references';
import { TaskData } from '../../loop/task';

/** The inputs of a task's step: the image that the run has built, the folders of other tasks, and the folder of the live model. */
export function taskInputs(loop: Loop, task: TaskData): string[] {
  return [
    ...(buildOf(loop, task.identifier) ? ['image'] : []),
    ...inputsOf(loop, task).map(({ identifier }) => folderParameter(identifier)),
    ...(isServed(loop, task) ? ['live'] : []),
  ];
}

/** The outputs of a task, whether it ran once or was tuned. */
export const TASK_OUTPUTS: ArgoParameter[] = [
  { name: 'metrics', valueFrom: { path: METRICS_PATH, default: '{}' } },
  { name: 'data-hash', valueFrom: { path: DATA_HASH_PATH, default: '' } },
];

/** An output parameter that a program writes as a file. */
export function output(name: string, fallback?: string): ArgoParameter {
  return { name, valueFrom: { path: `${OUT_PATH}/${name}`, ...(fallback !== undefined && { default: fallback }) } };
}

/** The tasks whose folder some run needs from the gate, because the run itself does not make it first; sorted. */
export const foldersFromGate = derived((loop: Loop): readonly string[] => {
  const needed = new Set<string>();
  for (const { stages } of loop.sensors) {
    const made = new Set<string>();
    for (const stage of stages) {
      for (const { name } of stage.filter(({ kind }) => kind === 'task')) {
        inputsOf(loop, taskOf(loop, name)!).filter(({ identifier }) => !made.has(identifier)).forEach(({ identifier }) => needed.add(identifier));
      }
      stage.forEach(({ name }) => made.add(name));
    }
  }
  return [...needed].sort();
});
