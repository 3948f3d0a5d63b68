import { toEnv } from '../common/env';
import { DATA_HASH_PATH, feedbackFolder, folderParameter, HOME_PATH, METRICS_PATH, runFolder, STORE_PATH } from '../contract/constants';
import { EnvVar } from '../crd/kube';
import { Loop, TaskPart } from '../private/loop';
import { environmentName } from '../private/names';

/** Above this many tasks each is told only of those before it: the list would grow with the square. */
const TOLD_OF_ALL = 24;

const OURS = new Set([
  'MODEL_PATH', 'DATA_PATH', 'TASK_ID', 'AXON_NAME', 'NAMESPACE', 'MYELIN_NAMESPACE', 'PUSHGATEWAY_URL', 'PUSHGATEWAY_PORT',
  'TF_CONFIG', 'HPO_PARAMS', 'TRAIN_CONTROLLER_URL', 'LOSS_METRIC', 'FEEDBACK_PATH', 'LIVE_MODEL_PATH', 'HOME',
]);

/** Whether the loop itself sets a variable of that name. @internal */
export function isReserved(name: string): boolean {
  return OURS.has(name) || name.startsWith('MYELIN_') || name.startsWith('DATA_PATH_');
}

/** The variables by which user code knows where it is; the same for tasks, trials and servers. @internal */
export function loopEnv(loop: Loop, task: TaskPart): Record<string, string> {
  const { name, namespace, platform } = loop.identity;
  const gateway = platform.pushgateway;
  return {
    TASK_ID: task.userName,
    AXON_NAME: name,
    NAMESPACE: namespace,
    MYELIN_NAMESPACE: namespace,
    HOME: HOME_PATH,
    ...(gateway && {
      PUSHGATEWAY_URL: gateway.hostname,
      PUSHGATEWAY_PORT: gateway.port === '' ? (gateway.protocol === 'https:' ? '443' : '80') : gateway.port,
    }),
    // A server ends nothing: it reports no metrics of a run, and what it captures is not for it.
    ...(task.kind !== 'deploy' && { MYELIN_METRICS_PATH: METRICS_PATH, MYELIN_DATA_HASH_PATH: DATA_HASH_PATH, ...feedbackEnv(loop) }),
    ...(task.objective && { LOSS_METRIC: task.objective.metric }),
  };
}

/** What a task of a run sees: the axon's variables, its own folder, the folders of others, then the user's. @internal */
export function taskEnv(loop: Loop, task: TaskPart, env: Record<string, string>): EnvVar[] {
  const own = runFolder(STORE_PATH, loop.identity.name, task.identifier, '{{workflow.name}}');
  return toEnv({ ...loopEnv(loop, task), MODEL_PATH: own, DATA_PATH: own, ...folderEnv(loop, task), ...env });
}

/** Where other tasks' folders and the live model are, which only the run knows: the step's input parameters say. @internal */
export function folderEnv(loop: Loop, task: TaskPart): Record<string, string> {
  return {
    ...Object.fromEntries(inputsOf(loop, task).map((input) => [
      `DATA_PATH_${environmentName(input.userName)}`, `{{inputs.parameters.${folderParameter(input.identifier)}}}`,
    ])),
    ...(isServed(loop, task) && { LIVE_MODEL_PATH: '{{inputs.parameters.live}}' }),
  };
}

/** Whether some deployed model serves what the task trains: it then learns where the live one lies, to be compared with. @internal */
export function isServed(loop: Loop, task: TaskPart): boolean {
  return task.kind === 'training' && loop.models.some(({ trainers }) => trainers.includes(task.identifier));
}

/** What a run hands to a task: the image that its build step made, where it has one, the folders of other tasks, and that of the live model. @internal */
export function inputNames(loop: Loop, task: TaskPart): string[] {
  return [
    ...(task.image().build ? ['image'] : []), ...inputsOf(loop, task).map((input) => folderParameter(input.identifier)), ...(isServed(loop, task) ? ['live'] : []),
  ];
}

/** The tasks whose folders a task is told of. @internal */
export function inputsOf(loop: Loop, task: TaskPart): TaskPart[] {
  const others = () => loop.tasks.filter((other) => other.kind !== 'deploy' && other.identifier !== task.identifier);
  if (task.inputs !== undefined) {
    const named = new Set(task.inputs);
    return others().filter((other) => named.has(other.identifier));
  }
  if (loop.tasks.length <= TOLD_OF_ALL) {
    return others();
  }
  const before = loop.stageBefore(task.identifier);
  return [...before].sort().flatMap((name) => loop.task(name) ?? []);
}

function feedbackEnv(loop: Loop): Record<string, string> {
  const capturing = loop.models.filter((model) => model.captures);
  if (capturing.length === 0) {
    return {};
  }
  const one = capturing.length === 1 ? capturing[0] : undefined;
  return { FEEDBACK_PATH: one ? feedbackFolder(STORE_PATH, loop.identity.name, one.identifier) : `${STORE_PATH}/${loop.identity.name}/feedback` };
}
