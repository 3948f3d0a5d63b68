import type { StudyDocument } from '../../../src/contract/documents.js';
import { ALGORITHMS } from '../../../src/tuning/algorithms/known-algorithms.js';
import { trialJob, trialJobName } from '../../../src/tuning/controller/trial-job.js';
import { StudyFolder } from '../../../src/tuning/study/study-folder.js';
import type { Study } from '../../../src/tuning/study/study.js';
import { RUN, STORE, STUDY } from '../laboratory.js';

const TRIAL = {
  config: '0_0_1',
  bracket: 0,
  rung: 2,
  budget: 10 / 3,
  parameters: { 'activation': 'relu', 'hidden-units': 64, 'learning-rate': 0.003 },
};

function studyOf(change: Partial<StudyDocument> = {}, trial: Partial<StudyDocument['trial']> = {}, run = RUN): Study {
  const document = { ...STUDY, ...change, trial: { ...STUDY.trial, ...trial } };
  return {
    document,
    run,
    runUid: 'uid-1',
    search: { ...document, seed: 1 },
    algorithm: ALGORITHMS.hyperband,
    folder: new StudyFolder(`${STORE}/${document.axon}/${document.task}/${run}`),
  };
}

const jobOf = (...args: Parameters<typeof studyOf>): any => trialJob(studyOf(...args), TRIAL);
const containerOf = (job: any) => job.spec.template.spec.containers[0];
const envOf = (job: any) => Object.fromEntries(containerOf(job).env.map(({ name, value, valueFrom }: any) => [name, value ?? valueFrom]));

test('a trial gets its configuration as arguments after those of the task, the id first and the budget last', () => {
  expect(containerOf(jobOf({}, { args: ['--verbose'] })).args).toEqual([
    '--verbose', '--config_id=0_0_1', '--activation=relu', '--hidden-units=64', '--learning-rate=0.003', '--budget=3.3333333333333335',
  ]);
});

test('a trial gets the folder of its configuration, files for its results of its own, and its parameters with their types', () => {
  const folder = `${STORE}/digits/train/${RUN}/trials/0_0_1`;
  expect(envOf(jobOf())).toEqual({
    HOLDOUT: '0.25',
    TRACKING_TOKEN: { secretKeyRef: { name: 'tracking', key: 'token' } },
    MODEL_PATH: folder,
    DATA_PATH: folder,
    MYELIN_METRICS_PATH: `${folder}/.myelin/2/metrics.json`,
    MYELIN_DATA_HASH_PATH: `${folder}/.myelin/2/data-hash`,
    HPO_PARAMS: '{"activation":"relu","hidden-units":64,"learning-rate":0.003}',
  });
});

test('the trial\'s own variables replace those of the document', () => {
  const env = containerOf(jobOf({}, { env: [{ name: 'MYELIN_METRICS_PATH', value: '/myelin/out/metrics.json' }] })).env;
  expect(env.filter(({ name }: any) => name === 'MYELIN_METRICS_PATH')).toHaveLength(1);
  expect(envOf(jobOf({}, { env: [{ name: 'MODEL_PATH', value: '/elsewhere' }] })).MODEL_PATH).toContain('/trials/0_0_1');
});

test('only a trial that was killed is tried again, as often as the document says; the user\'s own failure ends it', () => {
  expect(jobOf().spec).toMatchObject({
    completions: 1,
    parallelism: 1,
    backoffLimit: 2,
    activeDeadlineSeconds: 1800,
    ttlSecondsAfterFinished: 86400,
    podFailurePolicy: {
      rules: [
        { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
        { action: 'FailJob', onExitCodes: { containerName: 'trial', operator: 'NotIn', values: [137, 143] } },
      ],
    },
    template: { spec: { restartPolicy: 'Never' } },
  });
  expect(jobOf({}, { retries: undefined, timeoutSeconds: undefined }).spec).toMatchObject({ backoffLimit: 0 });
  expect(jobOf({}, { timeoutSeconds: undefined }).spec).not.toHaveProperty('activeDeadlineSeconds');
});

test('a Job belongs to its run, and says what it tries', () => {
  expect(jobOf().metadata).toMatchObject({
    namespace: 'default',
    labels: {
      'myelin.io/axon': 'digits',
      'myelin.io/component': 'trial',
      'myelin.io/run': RUN,
      'myelin.io/study': 'train',
      'myelin.io/config': '0_0_1',
      'myelin.io/bracket': '0',
      'myelin.io/rung': '2',
    },
    annotations: {
      'myelin.io/run': RUN,
      'myelin.io/budget': '3.3333333333333335',
      'myelin.io/configuration': '{"activation":"relu","hidden-units":64,"learning-rate":0.003}',
    },
    ownerReferences: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', name: RUN, uid: 'uid-1' }],
  });
  expect(jobOf({}, { pod: undefined }).spec.template.metadata.labels).toEqual(jobOf().metadata.labels);
});

test('pods that share a claim of one node keep to one node', () => {
  const { metadata, spec } = jobOf({}, { store: { kind: 'claim', claim: 'digits', path: STORE, access: 'ReadWriteOnce' } }).spec.template;
  expect(metadata.labels).toMatchObject({ 'myelin.io/store': 'digits' });
  expect(spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution).toEqual([
    { labelSelector: { matchLabels: { 'myelin.io/store': 'digits' } }, topologyKey: 'kubernetes.io/hostname' },
  ]);
  expect(jobOf().spec.template.spec).not.toHaveProperty('affinity');
});

test('a term of the user about other pods holds beside the one of the claim', () => {
  const term = { labelSelector: { matchLabels: { app: 'cache' } }, topologyKey: 'zone' };
  const { spec } = jobOf({}, {
    store: { kind: 'claim', claim: 'digits', path: STORE, access: 'ReadWriteOnce' },
    pod: { spec: { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] }, podAntiAffinity: { own: true } } } },
  }).spec.template;
  expect(spec.affinity).toEqual({
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [term, { labelSelector: { matchLabels: { 'myelin.io/store': 'digits' } }, topologyKey: 'kubernetes.io/hostname' }],
    },
    podAntiAffinity: { own: true },
  });
});

test('a trial\'s pod has the options of its document, and its Job is found by our labels whatever the user writes', () => {
  const spread = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' };
  const { metadata, spec } = jobOf({}, {
    pod: {
      labels: { 'team': 'vision', 'myelin.io/study': 'another', 'myelin.io/config': 'another' },
      annotations: { note: 'kept' },
      spec: { priorityClassName: 'trials', securityContext: { fsGroup: 3000 }, topologySpreadConstraints: [spread], volumes: [{ name: 'cache', emptyDir: {} }] },
      volumeMounts: [{ name: 'cache', mountPath: '/cache', readOnly: true }],
    },
  }).spec.template;
  expect(metadata).toEqual({ labels: { ...jobOf().metadata.labels, team: 'vision' }, annotations: { note: 'kept' } });
  expect(jobOf({}, { labels: { team: 'ml' }, pod: { labels: { team: 'vision' } } }).spec.template.metadata.labels).toMatchObject({ team: 'vision' });
  expect(spec).toMatchObject({ priorityClassName: 'trials', securityContext: { runAsUser: 1000, fsGroup: 3000 } });
  expect(spec.topologySpreadConstraints).toEqual([{ ...spread, labelSelector: { matchLabels: { 'myelin.io/run': RUN, 'myelin.io/study': 'train' } } }]);
  expect(spec.volumes.at(-1)).toEqual({ name: 'cache', emptyDir: {} });
  expect(spec.containers[0].volumeMounts.at(-1)).toEqual({ name: 'cache', mountPath: '/cache', readOnly: true });
});

test('a trial\'s pod keeps to the restricted level, and mounts the store, a home and a place for outputs', () => {
  const { spec } = jobOf().spec.template;
  expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } });
  expect(containerOf(jobOf()).securityContext).toEqual({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } });
  expect(containerOf(jobOf({}, { pod: undefined })).volumeMounts.map(({ mountPath }: any) => mountPath)).toEqual(['/myelin/home', '/myelin/out', STORE]);
  expect(spec.volumes).toContainEqual({ name: 'store', persistentVolumeClaim: { claimName: 'digits' } });
  expect(spec).toMatchObject({ serviceAccountName: 'digits-train', nodeSelector: { 'example.org/accelerator': 'l4' } });
});

test('names fit the 63 characters of a pod\'s label, and differ by run, configuration and rung', () => {
  const long = studyOf({ axon: 'a'.repeat(46), task: `t${'-'.repeat(30)}t` }, {}, 'r'.repeat(200));
  const names = [
    trialJobName(long, TRIAL), trialJobName(long, { ...TRIAL, rung: 1 }), trialJobName(long, { ...TRIAL, config: '12_0_10234' }),
    trialJobName({ ...long, run: 'other' }, TRIAL), trialJobName(studyOf(), TRIAL),
  ];
  expect(new Set(names).size).toBe(5);
  for (const name of names) expect(name).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])$/);
  expect(trialJobName(studyOf(), TRIAL)).toMatch(/^digits-train-0-0-1-r2-[0-9a-f]{10}$/);
});

test('the name of a run that is too long for a label is cut and made distinct', () => {
  const labels = ['x', 'y'].map((end) => jobOf({}, {}, 'r'.repeat(90) + end).metadata.labels['myelin.io/run']);
  expect(labels[0]).toMatch(/^r{46}-[0-9a-f]{16}$/);
  expect(labels[0]).not.toBe(labels[1]);
});
