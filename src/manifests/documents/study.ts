import { NO_SIDECAR, STORE_PATH } from '../../contract/constants';
import { StudyDocument } from '../../contract/documents';
import { canonical } from '../../loop/canonical';
import { Loop } from '../../loop/loop';
import { trialPodOf } from '../../loop/pods-of';
import { LOST_POD_RETRIES, TaskData } from '../../loop/task';
import { TunerData } from '../../loop/tuner';
import { axonLabels } from '../labels';
import { documentPod } from '../pod';
import { userResources } from '../requests';
import { folderEnv, runEnv, toDocumentEnv, toDocumentSecretEnv } from '../steps/env';
import { storeDocument } from '../steps/store';

/** Describes a search and its trials to the program `tune`. */
export function studyDocument(loop: Loop, task: TaskData, tuner: TunerData): StudyDocument {
  const { image, args, env, secretEnv, resources, serviceAccount = loop.taskAccount.name, retries, timeoutSeconds } = task;
  const pod = documentPod(trialPodOf(loop, task, tuner), {
    login: loop.platform.registryCredentials, existingAccount: task.serviceAccount !== undefined || !loop.taskAccount.created,
  });
  return {
    contract: 1,
    axon: loop.name,
    namespace: loop.namespace,
    task: task.identifier,
    ...tuner.search,
    objective: task.objective!,
    concurrency: tuner.concurrency,
    ...(tuner.seed !== undefined && { seed: tuner.seed }),
    parameters: tuner.space,
    trial: {
      image: image.reference,
      ...(image.command && { command: image.command }),
      ...(args && { args }),
      env: toDocumentEnv({ ...runEnv(loop, task), ...folderEnv(loop, task), ...env }),
      secretEnv: toDocumentSecretEnv(secretEnv),
      resources: canonical(userResources(resources)),
      ...(pod && { pod: canonical(pod) }),
      timeoutSeconds,
      retries: retries ?? LOST_POD_RETRIES,
      serviceAccount,
      store: storeDocument(loop, STORE_PATH),
      labels: { ...axonLabels(loop, 'trial'), ...NO_SIDECAR },
    },
  };
}
