import { CONTAINER_SECURITY, HOME_PATH, OUT_PATH, STORE_PATH, taskStep } from '../../contract/constants';
import { ArgoRetryStrategy } from '../../crd/argo-workflows';
import { Volume, VolumeMount } from '../../crd/kube';
import { Loop } from '../../loop/loop';
import { podOf } from '../../loop/pods-of';
import { buildOf } from '../../loop/references';
import { LOST_POD_RETRIES, TaskData } from '../../loop/task';
import { userResources } from '../requests';
import { taskEnv } from './env';
import { EXECUTOR_TOKEN } from './executor-token';
import { TASK_OUTPUTS, taskInputs } from './parameters';
import { stepPod } from './pod';
import { Step } from './step';
import { storeVolume } from './store';
import { taskAccounts } from './task-accounts';

/** Runs a task's container. */
export function task(loop: Loop, data: TaskData): Step {
  const { identifier, image, args, resources, serviceAccount = loop.taskAccount.name, retries, timeoutSeconds } = data;
  const pod = podOf(loop, data);
  const inputs = taskInputs(loop, data);
  return {
    template: {
      name: taskStep(identifier),
      serviceAccountName: serviceAccount,
      inputs: inputs.length === 0 ? undefined : { parameters: inputs.map((name) => ({ name })) },
      outputs: { parameters: TASK_OUTPUTS },
      activeDeadlineSeconds: timeoutSeconds,
      retryStrategy: retryStrategy(retries, timeoutSeconds),
      ...stepPod(loop, { pod, store: true, patch: EXECUTOR_TOKEN }),
      container: {
        image: buildOf(loop, identifier) ? '{{inputs.parameters.image}}' : image.reference,
        command: image.command,
        args,
        env: taskEnv(loop, data),
        resources: userResources(resources),
        volumeMounts: [...MOUNTS, ...(pod?.volumeMounts ?? [])],
        securityContext: CONTAINER_SECURITY,
      },
      volumes: [...volumes(loop), ...(pod?.spec?.volumes ?? [])],
    },
    accounts: taskAccounts(loop),
    documents: [],
  };
}

const MOUNTS: VolumeMount[] = [
  { name: 'home', mountPath: HOME_PATH },
  { name: 'out', mountPath: OUT_PATH },
  { name: 'store', mountPath: STORE_PATH },
];

function volumes(loop: Loop): Volume[] {
  return [{ name: 'home', emptyDir: {} }, { name: 'out', emptyDir: {} }, storeVolume(loop)];
}

/**
 * A lost pod is made again; a failure of the code is final unless the user asked for retries. The policy `OnError` would not do: an evicted
 * or killed pod counts as failed, as the code does, and only its exit code differs (-1 when it is unknown). A pod that was killed at its
 * deadline is not made again: it would only use up its time once more.
 */
export function retryStrategy(retries: number | undefined, timeoutSeconds: number): ArgoRetryStrategy {
  return {
    limit: String(retries ?? LOST_POD_RETRIES),
    retryPolicy: 'Always',
    ...(retries === undefined && {
      expression: `lastRetry.status == "Error" || (asInt(lastRetry.exitCode) in [-1, 137, 143] && asFloat(lastRetry.duration) < ${timeoutSeconds})`,
    }),
    backoff: { duration: '10s', factor: '2', cap: '5m' },
  };
}
