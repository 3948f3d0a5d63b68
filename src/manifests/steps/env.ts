import { DATA_HASH_PATH, feedbackFolder, folderParameter, HOME_PATH, METRICS_PATH, runFolder, STORE_PATH } from '../../contract/constants';
import { EnvironmentEntry, SecretEnvironmentEntry } from '../../contract/documents';
import { EnvVar } from '../../crd/kube';
import { sortedBy } from '../../loop/canonical';
import { ContainerData } from '../../loop/container';
import { Loop } from '../../loop/loop';
import { environmentName } from '../../loop/names';
import { inputsOf, isServed } from '../../loop/references';
import { SecretKeyRef } from '../../loop/secret-key';
import { TaskData } from '../../loop/task';

type Variables = Readonly<Record<string, string>>;

/** The variables of a task's container: the loop's, then the user's, which win. */
export function taskEnv(loop: Loop, task: TaskData): EnvVar[] {
  const own = runFolder(STORE_PATH, loop.name, task.identifier, '{{workflow.name}}');
  return toEnv({ ...runEnv(loop, task), MODEL_PATH: own, DATA_PATH: own, ...folderEnv(loop, task), ...task.env }, task.secretEnv);
}

/** The variables that the loop sets in the pods of tasks and trials. */
export function runEnv(loop: Loop, task: TaskData): Variables {
  return {
    ...loopEnv(loop, task),
    MYELIN_METRICS_PATH: METRICS_PATH,
    MYELIN_DATA_HASH_PATH: DATA_HASH_PATH,
    ...feedbackEnv(loop),
    ...(task.objective && { LOSS_METRIC: task.objective.metric }),
  };
}

/** The variables that the loop sets in every pod of user code; a model server gets no others. */
export function loopEnv({ name, namespace, platform: { pushgateway } }: Loop, { userName }: ContainerData): Variables {
  return {
    TASK_ID: userName,
    AXON_NAME: name,
    NAMESPACE: namespace,
    MYELIN_NAMESPACE: namespace,
    HOME: HOME_PATH,
    ...(pushgateway && { PUSHGATEWAY_URL: pushgateway.host, PUSHGATEWAY_PORT: pushgateway.port }),
  };
}

/** The folders of other tasks and of the live model. They differ from run to run, so they arrive as input parameters. */
export function folderEnv(loop: Loop, task: TaskData): Variables {
  return {
    ...Object.fromEntries(inputsOf(loop, task).map(({ userName, identifier }) => [
      `DATA_PATH_${environmentName(userName)}`, `{{inputs.parameters.${folderParameter(identifier)}}}`,
    ])),
    ...(isServed(loop, task) && { LIVE_MODEL_PATH: '{{inputs.parameters.live}}' }),
  };
}

function feedbackEnv({ name, models }: Loop): Variables {
  const [one, ...others] = models.filter(({ capture }) => capture !== undefined);
  if (one === undefined) {
    return {};
  }
  return { FEEDBACK_PATH: others.length === 0 ? feedbackFolder(STORE_PATH, name, one.identifier) : `${STORE_PATH}/${name}/feedback` };
}

/** Variables as a container lists them, sorted by name: the order of a map must not reach a manifest. */
export function toEnv(env: Variables, secrets: Readonly<Record<string, SecretKeyRef>> = {}): EnvVar[] {
  const plain = Object.entries(env).map(([name, value]): EnvVar => ({ name, value }));
  const secret = Object.entries(secrets).map(([name, key]): EnvVar => ({ name, valueFrom: { secretKeyRef: { name: key.name, key: key.key } } }));
  return [...plain, ...secret].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Variables as contract documents list them. */
export function toDocumentEnv(env: Variables): EnvironmentEntry[] {
  return sortedBy(Object.entries(env), ([name]) => name).map(([name, value]) => ({ name, value }));
}

/** References to Secrets as contract documents list them. */
export function toDocumentSecretEnv(secrets: Readonly<Record<string, SecretKeyRef>>): SecretEnvironmentEntry[] {
  return sortedBy(Object.entries(secrets), ([name]) => name).map(([name, { name: secret, key }]) => ({ name, secret, key }));
}
