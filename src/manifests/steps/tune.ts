import { DOCUMENT_KEY, studyConfigMap, taskStep } from '../../contract/constants';
import { emitsItself } from '../../loop/events';
import { Loop } from '../../loop/loop';
import { TaskData } from '../../loop/task';
import { TunerData } from '../../loop/tuner';
import { studyDocument } from '../documents/study';
import { TASK_OUTPUTS, taskInputs } from './parameters';
import { programStep, tokenEnv } from './program';
import { ledgerRules } from './rules';
import { Step } from './step';

/** Runs the trials of a search as Jobs. It replaces the step of the task that it tunes, and has its name and outputs. */
export function tune(loop: Loop, task: TaskData, tuner: TunerData): Step {
  const emits = emitsItself(loop, task.identifier);
  return programStep(loop, {
    program: 'tune',
    name: taskStep(task.identifier),
    args: [`--task=${task.identifier}`],
    inputs: [...taskInputs(loop, task), ...(emits ? ['data-hash'] : [])],
    env: emits ? tokenEnv(loop) : [],
    outputs: TASK_OUTPUTS,
    documents: [{ name: studyConfigMap(loop.name, task.identifier), component: 'tune', key: DOCUMENT_KEY.STUDY, content: studyDocument(loop, task, tuner) }],
    rules: [
      { apiGroups: ['batch'], resources: ['jobs'], verbs: ['create', 'get', 'list'] },
      // Finds out why a trial failed.
      { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
      ...(emits ? ledgerRules(loop.name) : []),
    ],
    store: true,
    timeoutSeconds: 7 * 24 * 60 * 60,
  });
}
