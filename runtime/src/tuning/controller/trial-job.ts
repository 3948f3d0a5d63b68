import { ANNOTATION, CONTAINER_SECURITY, HOME_PATH, LABEL, LONGEST_LABEL, OUT_PATH } from '../../contract/constants.js';
import type { EnvironmentEntry, StudyDocument } from '../../contract/documents.js';
import { podTemplate } from '../../shared/pod-template.js';
import { sha256 } from '../../shared/sha256.js';
import type { Trial } from '../algorithms/algorithm.js';
import { argumentText } from '../algorithms/space.js';
import type { Study } from '../study/study.js';
import type { Job } from './job.js';

const DAY = 24 * 60 * 60;
/** Killed by somebody else: the kernel out of memory, a node that goes down. Only then is another try worth it. */
const KILLED = [137, 143];

/** Name of a trial's Job: the same whenever and by whomever it is made, so that no trial is started twice. */
export function trialJobName({ document, run }: Study, { config, rung }: Pick<Trial, 'config' | 'rung'>): string {
  const identity = sha256(JSON.stringify([document.axon, document.task, run, config, rung])).slice(0, 10);
  const end = `-${config.replaceAll('_', '-')}-r${rung}-${identity}`;
  return `${document.axon}-${document.task}`.slice(0, LONGEST_LABEL - end.length).replace(/-+$/, '') + end;
}

/** The labels that all Jobs of a study carry. */
export function studyLabels({ document, run }: Study): Record<string, string> {
  return { [LABEL.RUN]: labelValue(run), [LABEL.STUDY]: labelValue(document.task) };
}

/**
 * The Job of a trial. It runs once; a pod that the cluster took away is replaced without end, one that was killed `retries` times,
 * and a failure of the user's own code ends it at once.
 */
export function trialJob(study: Study, trial: Trial): Job {
  const { document, run, runUid } = study;
  const { retries = 0, timeoutSeconds, labels } = document.trial;
  const own = trialLabels(study, trial);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: trialJobName(study, trial),
      namespace: document.namespace,
      labels: { ...labels, ...own },
      annotations: {
        [ANNOTATION.CONFIGURATION]: JSON.stringify(trial.parameters),
        [ANNOTATION.BUDGET]: argumentText(trial.budget),
        [ANNOTATION.RUN]: run,
      },
      // Goes with its run. Blocking the run's deletion would need a right that we do not ask for.
      ownerReferences: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', name: run, uid: runUid }],
    },
    spec: {
      completions: 1,
      parallelism: 1,
      backoffLimit: retries,
      ...(timeoutSeconds !== undefined && { activeDeadlineSeconds: timeoutSeconds }),
      ttlSecondsAfterFinished: DAY,
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          { action: 'FailJob', onExitCodes: { containerName: 'trial', operator: 'NotIn', values: KILLED } },
        ],
      },
      template: trialTemplate(study, trial, own),
    },
  };
}

function trialLabels(study: Study, { config, bracket, rung }: Trial): Record<string, string> {
  return { ...studyLabels(study), [LABEL.CONFIG]: config, [LABEL.BRACKET]: `${bracket}`, [LABEL.RUNG]: `${rung}` };
}

function trialTemplate(study: Study, trial: Trial, labels: Readonly<Record<string, string>>): Record<string, unknown> {
  const { image, command, args = [], secretEnv, resources, labels: shared, pod, serviceAccount, store } = study.document.trial;
  const { metadata, spec } = podTemplate(pod, {
    shared,
    labels,
    group: studyLabels(study),
    store,
    volumes: [
      { name: 'home', emptyDir: {} },
      { name: 'out', emptyDir: {} },
      { name: 'store', persistentVolumeClaim: { claimName: store.claim } },
    ],
  });
  return {
    metadata,
    spec: {
      ...spec,
      restartPolicy: 'Never',
      serviceAccountName: serviceAccount,
      containers: [{
        name: 'trial',
        image,
        ...(command && { command }),
        args: [...args, ...trialArguments(trial)],
        env: [
          ...trialEnvironment(study, trial),
          ...secretEnv.map(({ name, secret, key }) => ({ name, valueFrom: { secretKeyRef: { name: secret, key } } })),
        ],
        ...(resources && { resources }),
        securityContext: CONTAINER_SECURITY,
        // Its last words then stand in the pod's status, where tune finds them.
        terminationMessagePolicy: 'FallbackToLogsOnError',
        volumeMounts: [
          { name: 'home', mountPath: HOME_PATH },
          { name: 'out', mountPath: OUT_PATH },
          { name: 'store', mountPath: store.path },
          ...(pod?.volumeMounts ?? []),
        ],
      }],
    },
  };
}

function trialArguments({ config, budget, parameters }: Trial): string[] {
  const entries = Object.entries({ config_id: config, ...parameters, budget });
  return entries.map(([name, value]) => `--${name}=${argumentText(value)}`);
}

/** The document's variables, and the trial's own, which win. */
function trialEnvironment({ document, folder }: Study, { config, rung, parameters }: Trial): EnvironmentEntry[] {
  const own: Record<string, string> = {
    MODEL_PATH: folder.configuration(config),
    DATA_PATH: folder.configuration(config),
    MYELIN_METRICS_PATH: folder.metrics(config, rung),
    MYELIN_DATA_HASH_PATH: folder.dataHash(config, rung),
    HPO_PARAMS: JSON.stringify(parameters),
  };
  return [...declared(document, own), ...Object.entries(own).map(([name, value]) => ({ name, value }))];
}

function declared({ trial }: StudyDocument, own: Readonly<Record<string, string>>): EnvironmentEntry[] {
  return trial.env.filter(({ name }) => !Object.hasOwn(own, name));
}

/** A name as the value of a label, which holds at most 63 characters. */
function labelValue(name: string): string {
  return name.length <= LONGEST_LABEL ? name : `${name.slice(0, 46)}-${sha256(name).slice(0, 16)}`;
}
