import { Chart, Size } from 'cdk8s';
import { k8s, PersistentVolumeAccessMode, Secret } from 'cdk8s-plus-27';
import { load } from 'js-yaml';
import { AxonProps, HyperbandTuner, Parameter, Platform, PodOptions, Storage } from '../../src';
import { metadataOf } from '../../src/manifests/pod';
import { digitsLoop, emptyAxon, modelParts, smallLoop } from '../helpers/loop';
import { documentOf, find, Manifest, synthesise, templateOf, testChart } from '../helpers/manifests';

const TOLERATION = { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' };
const SPREAD = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' };

/** Options with every field. */
function everything(chart: Chart): PodOptions {
  return {
    labels: { tier: 'batch' },
    annotations: { note: 'kept' },
    nodeSelector: { pool: 'gpu' },
    affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone', labelSelector: { matchLabels: { app: 'cache' } } }] } },
    tolerations: [TOLERATION],
    topologySpreadConstraints: [SPREAD],
    priorityClassName: 'batch',
    runtimeClassName: 'gvisor',
    imagePullSecrets: [Secret.fromSecretName(chart, 'pull', 'registry-pull')],
    volumes: [{ name: 'cache', emptyDir: { sizeLimit: k8s.Quantity.fromString('10Gi') } }],
    volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
    securityContext: { runAsUser: 2000 },
  };
}

const SECURITY = {
  runAsNonRoot: true, runAsUser: 2000, runAsGroup: 1000, fsGroup: 1000, fsGroupChangePolicy: 'OnRootMismatch', seccompProfile: { type: 'RuntimeDefault' },
};

function digits(props: (chart: Chart) => AxonProps): Manifest[] {
  const chart = testChart();
  return synthesise(digitsLoop(props(chart), chart).chart);
}

test('the pods of tasks have the options of the axon, each in the field that Argo Workflows has for it', () => {
  const objects = digits((chart) => ({ pod: everything(chart) }));
  const template = templateOf(objects, 'task-prepare');

  expect(template).toMatchObject({
    metadata: { labels: { tier: 'batch' }, annotations: { note: 'kept' } },
    nodeSelector: { pool: 'gpu' },
    tolerations: [TOLERATION],
    priorityClassName: 'batch',
    securityContext: SECURITY,
  });
  expect(template.volumes).toContainEqual({ name: 'cache', emptyDir: { sizeLimit: '10Gi' } });
  expect(template.container.volumeMounts).toContainEqual({ name: 'cache', mountPath: '/cache' });
  expect(template.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution).toHaveLength(1);
  const { runtimeClassName, topologySpreadConstraints, volumes } = load(template.podSpecPatch) as Manifest;
  expect({ runtimeClassName, topologySpreadConstraints }).toEqual({
    runtimeClassName: 'gvisor', topologySpreadConstraints: [{ ...SPREAD, labelSelector: { matchLabels: { 'myelin.io/axon': 'digits' } } }],
  });
  expect(volumes.map(({ name }: Manifest) => name)).toEqual(['executor-token']);
  expect(find(objects, 'WorkflowTemplate').spec.imagePullSecrets).toEqual([{ name: 'registry-pull' }]);
});

test('steps of the loop have the options of steps, and none of those of user code', () => {
  const objects = digits((chart) => ({ pod: { nodeSelector: { pool: 'gpu' } }, stepPod: { ...everything(chart), nodeSelector: { pool: 'system' } } }));

  for (const name of ['gate', 'sweep', 'task-train', 'deploy-model', 'build-train']) {
    const template = templateOf(objects, name);
    expect(template).toMatchObject({ nodeSelector: { pool: 'system' }, priorityClassName: 'batch', tolerations: [TOLERATION], securityContext: SECURITY, metadata: { labels: { tier: 'batch' } } });
    expect(template.container.volumeMounts).toContainEqual({ name: 'cache', mountPath: '/cache' });
    expect(template.volumes).toContainEqual({ name: 'cache', emptyDir: { sizeLimit: '10Gi' } });
    expect(load(template.podSpecPatch)).toMatchObject({ runtimeClassName: 'gvisor' });
  }
  expect(templateOf(objects, 'task-prepare')).toMatchObject({ nodeSelector: { pool: 'gpu' } });
  expect(templateOf(objects, 'task-prepare').tolerations).toBeUndefined();
});

test.each(['EventSource', 'Sensor'])('the pod of the %s has the options of steps that Argo Events has a field for', (kind) => {
  const objects = digits((chart) => ({ stepPod: everything(chart) }));
  const { template } = find(objects, kind).spec;

  expect(template).toMatchObject({
    metadata: { labels: { 'tier': 'batch', 'myelin.io/axon': 'digits' }, annotations: { note: 'kept' } },
    nodeSelector: { pool: 'gpu' },
    affinity: everything(testChart()).affinity,
    priorityClassName: 'batch',
    tolerations: [TOLERATION],
    imagePullSecrets: [{ name: 'registry-pull' }],
    securityContext: SECURITY,
  });
  expect(Object.keys(template)).not.toEqual(expect.arrayContaining(['volumes']));
  expect(JSON.stringify(template)).not.toMatch(/gvisor|topologyKey": "rack/);
});

test('the document of a search has the options of axon, task and tuner', () => {
  const { chart, axon } = emptyAxon({ pod: { labels: { tier: 'axon', team: 'ml' }, tolerations: [TOLERATION], priorityClassName: 'batch' } });
  const { train } = modelParts(axon);
  new HyperbandTuner(axon, 'tuner', {
    task: train,
    minBudget: 1,
    maxBudget: 9,
    space: { rate: Parameter.float({ min: 0.001, max: 1, log: true }) },
    pod: {
      labels: { tier: 'trial' },
      priorityClassName: 'trials',
      runtimeClassName: 'gvisor',
      volumes: [{ name: 'cache', emptyDir: {} }],
      volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
    },
  });
  const objects = synthesise(chart);

  expect(documentOf(objects, 'digits-study-train').trial.pod).toEqual({
    labels: { team: 'ml', tier: 'trial' },
    spec: { priorityClassName: 'trials', runtimeClassName: 'gvisor', tolerations: [TOLERATION], volumes: [{ name: 'cache', emptyDir: {} }] },
    volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
  });
  expect(templateOf(objects, 'task-train').container.volumeMounts).not.toContainEqual({ name: 'cache', mountPath: '/cache' });
});

test('the document of a model has the options of its servers', () => {
  const objects = digits(() => ({ pod: { priorityClassName: 'online', runtimeClassName: 'gvisor' } }));
  const { server } = documentOf(objects, 'digits-model-model').models[0].backends[0];

  expect(server.pod).toEqual({ spec: { priorityClassName: 'online', runtimeClassName: 'gvisor' } });
});

test('a term of the user about other pods holds beside the one of a claim of one node', () => {
  const { affinity } = everything(testChart());
  const storage = Storage.claim({ size: Size.gibibytes(1), accessMode: PersistentVolumeAccessMode.READ_WRITE_ONCE });
  const objects = digits(() => ({ pod: { affinity }, stepPod: { affinity }, storage }));
  const terms = [
    ...affinity!.podAffinity!.requiredDuringSchedulingIgnoredDuringExecution!,
    { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { 'myelin.io/store': 'digits-store' } } },
  ];

  for (const name of ['task-prepare', 'gate']) {
    expect(templateOf(objects, name).affinity).toEqual({ podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } });
    expect(templateOf(objects, name).metadata.labels).toEqual({ 'myelin.io/store': 'digits-store' });
  }
  // A step that mounts no store can run on any node.
  expect(templateOf(objects, 'sweep').affinity).toEqual(affinity);
});

test('a pod with pull secrets of its own keeps the login of the platform, which Kubernetes adds to other pods alone', () => {
  const chart = testChart();
  const platform = new Platform(chart, 'platform', { registryCredentials: { secret: Secret.fromSecretName(chart, 'login', 'registry-login'), key: '.dockerconfigjson' } });
  const objects = synthesise(digitsLoop({ platform, pod: { imagePullSecrets: [Secret.fromSecretName(chart, 'pull', 'registry-pull')] } }, chart).chart);
  const secrets = [{ name: 'registry-pull' }, { name: 'registry-login' }];

  expect(find(objects, 'WorkflowTemplate').spec.imagePullSecrets).toEqual(secrets);
  expect(documentOf(objects, 'digits-study-train').trial.pod.spec.imagePullSecrets).toEqual(secrets);
  expect(find(objects, 'EventSource').spec.template.imagePullSecrets).toBeUndefined();
});

test('the pods of a platform have its options, and its Job gets another name with them', () => {
  const [plain, chart] = [testChart(), testChart({ labels: { 'cost-centre': '4711' } })];
  new Platform(plain, 'platform', { runPushgateway: true });
  new Platform(chart, 'platform', { runPushgateway: true, pod: everything(chart) });
  const [before, objects] = [synthesise(plain), synthesise(chart)];

  for (const pod of [find(objects, 'Job').spec.template, find(objects, 'Deployment').spec.template]) {
    expect(pod).toMatchObject({
      metadata: { labels: { 'tier': 'batch', 'cost-centre': '4711' }, annotations: { note: 'kept' } },
      spec: {
        nodeSelector: { pool: 'gpu' },
        priorityClassName: 'batch',
        tolerations: [TOLERATION],
        runtimeClassName: 'gvisor',
        imagePullSecrets: [{ name: 'registry-pull' }],
        securityContext: SECURITY,
        volumes: [{ name: 'cache', emptyDir: { sizeLimit: '10Gi' } }],
      },
    });
    expect(pod.spec.containers[0].volumeMounts).toEqual([{ name: 'cache', mountPath: '/cache' }]);
  }
  expect(find(objects, 'Deployment').spec.template.spec.topologySpreadConstraints[0].labelSelector).toEqual(find(objects, 'Deployment').spec.selector);
  expect(find(objects, 'EventBus').spec.jetstream).toMatchObject({
    metadata: { labels: { 'tier': 'batch', 'cost-centre': '4711' }, annotations: { note: 'kept' } },
    nodeSelector: { pool: 'gpu' },
    priorityClassName: 'batch',
    tolerations: [TOLERATION],
    imagePullSecrets: [{ name: 'registry-pull' }],
    securityContext: SECURITY,
  });
  expect(find(objects, 'Job').spec.template.spec.containers[0].args).toContain('--labels={"cost-centre":"4711"}');
  expect(find(objects, 'Job').metadata.name).not.toBe(find(before, 'Job').metadata.name);
});

describe('labels and annotations of an axon', () => {
  const chart = () => testChart({ labels: { 'cost-centre': '4711', 'team': 'chart' } });
  const objects = () => synthesise(digitsLoop({ labels: { team: 'vision' }, annotations: { owner: 'ml@example.org' } }, chart()).chart);
  const ALL = { 'cost-centre': '4711', 'team': 'vision' };

  test('reach every object', () => {
    for (const { metadata } of objects()) {
      expect(metadata.labels).toMatchObject(ALL);
      expect(metadata.annotations).toMatchObject({ owner: 'ml@example.org' });
    }
  });

  test('leave the claim of the store the annotations that protect it', () => {
    const own = { 'argocd.argoproj.io/sync-options': 'Prune=true', 'owner': 'ml@example.org' };
    const claim = find(synthesise(digitsLoop({ annotations: own }).chart), 'PersistentVolumeClaim');

    expect(claim.metadata.annotations).toMatchObject({ 'owner': 'ml@example.org', 'argocd.argoproj.io/sync-options': 'Prune=false' });
  });

  test('reach every pod, and every object that the runtime makes: labels only', () => {
    const all = objects();

    expect(find(all, 'WorkflowTemplate').spec.podMetadata.labels).toMatchObject(ALL);
    expect(find(all, 'EventSource').spec.template.metadata.labels).toMatchObject(ALL);
    expect(find(all, 'Sensor').spec.template.metadata.labels).toMatchObject(ALL);
    expect(find(all, 'CronWorkflow', 'digits-sweep').spec.workflowMetadata.labels).toMatchObject(ALL);
    expect(find(all, 'Sensor').spec.triggers[0].template.k8s.source.resource.metadata.labels).toMatchObject(ALL);
    expect(documentOf(all, 'digits-axon').labels).toEqual(ALL);
    expect(documentOf(all, 'digits-model-model').labels).toMatchObject(ALL);
    expect(documentOf(all, 'digits-study-train').trial.labels).toMatchObject(ALL);
  });

  test('change no selector', () => {
    const [before, after] = [synthesise(digitsLoop({}).chart), objects()];
    const selectors = (all: Manifest[]) => [find(all, 'Service').spec.selector, find(all, 'ServiceMonitor').spec.selector, find(all, 'NetworkPolicy').spec];

    expect(selectors(after)).toEqual(selectors(before));
  });

  test('give way to the labels by which Prometheus selects', () => {
    const where = testChart();
    const platform = new Platform(where, 'platform', { monitoringLabels: { release: 'prometheus' } });
    const all = synthesise(digitsLoop({ platform, labels: { release: 'blue' } }, where).chart);

    expect(find(all, 'PrometheusRule').metadata.labels.release).toBe('prometheus');
    expect(find(all, 'WorkflowTemplate').metadata.labels.release).toBe('blue');
  });

  test('do not run a run-once sensor again', () => {
    const nameOf = (props: AxonProps) => find(synthesise(smallLoop(props).chart), 'Workflow').metadata.name;

    expect(nameOf({ labels: { team: 'vision' }, pod: { nodeSelector: { pool: 'gpu' } } })).toBe(nameOf({}));
  });
});

test('a label of pods replaces one of the axon, and none of the loop', () => {
  const labels = { shared: { team: 'axon', tier: 'low' }, loop: { 'myelin.io/axon': 'digits' } };

  expect(metadataOf(labels, { labels: { 'team': 'pod', 'myelin.io/axon': 'other' } })).toEqual({ labels: { 'team': 'pod', 'tier': 'low', 'myelin.io/axon': 'digits' } });
});

test('a label of pods replaces one of the axon in every pod that the loop creates itself', () => {
  const objects = digits(() => ({ labels: { team: 'axon' }, stepPod: { labels: { team: 'step' } } }));

  for (const kind of ['EventSource', 'Sensor']) {
    expect(find(objects, kind).metadata.labels).toMatchObject({ team: 'axon' });
    expect(find(objects, kind).spec.template.metadata.labels).toMatchObject({ 'team': 'step', 'myelin.io/axon': 'digits', 'sidecar.istio.io/inject': 'false' });
  }
});

test('a label of the chart that the loop sets itself stays that of the loop, on objects and pods', () => {
  const labels = { 'app.kubernetes.io/part-of': 'suite', 'sidecar.istio.io/inject': 'true' };
  const objects = synthesise(digitsLoop({}, testChart({ labels })).chart);

  expect(find(objects, 'WorkflowTemplate').spec.podMetadata.labels).toMatchObject({ 'app.kubernetes.io/part-of': 'digits', 'sidecar.istio.io/inject': 'false' });
  expect(documentOf(objects, 'digits-axon').labels).toBeUndefined();
});
