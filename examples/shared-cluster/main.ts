import { App, Chart, Cron, Duration, JsonPatch, Size } from 'cdk8s';
import {
  AlertRetrainSensor, Axon, Condition, ContainerTask, HyperbandTuner, Image, ImageBuilder, Model, ModelGraph, ModelServer, Objective, Parameter,
  Platform, PlatformAttributes, Rollout, Sensor, Storage, TrainingTask, Trigger,
} from 'cdk8s-myelin';
import { Cpu, k8s, PersistentVolumeAccessMode, PersistentVolumeClaim, Secret, ServiceAccount } from 'cdk8s-plus-27';

const app = new App();

/** What both namespaces have in common. */
const cluster: PlatformAttributes = {
  registry: 'registry.example.org/ml',
  imageBuilder: ImageBuilder.external(),
  prometheus: 'http://prometheus-operated.observability.svc:9090',
  monitoringNamespace: 'observability',
  monitoringLabels: { release: 'kube-prometheus-stack' },
};

const namespaces = new Chart(app, 'namespaces');
for (const name of ['vision', 'insights']) {
  new k8s.KubeNamespace(namespaces, name, { metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } });
}

// Namespace 'vision': a pool of GPU nodes, an account with rights in the cloud, a quota.

const visionBase = new Chart(app, 'vision-base', { namespace: 'vision', labels: { 'example.org/cost-centre': '4711' } });
new k8s.KubeResourceQuota(visionBase, 'quota', {
  metadata: { name: 'vision' },
  spec: { hard: { 'requests.cpu': k8s.Quantity.fromNumber(64), 'requests.memory': k8s.Quantity.fromString('256Gi') } },
});
const trainer = new ServiceAccount(visionBase, 'trainer', {
  metadata: { name: 'vision-trainer', annotations: { 'iam.example.org/role': 'read-images' } },
});

const vision = new Axon(new Chart(app, 'vision', { namespace: 'vision', labels: { 'example.org/cost-centre': '4711' } }), 'vision', {
  platform: new Platform(visionBase, 'platform', {
    ...cluster, hosts: ['vision.models.example.org'], pod: { nodeSelector: { 'example.org/pool': 'system' } },
  }),
  labels: { 'example.org/team': 'vision' },
  serviceAccount: trainer,
  pod: { imagePullSecrets: [Secret.fromSecretName(visionBase, 'pull', 'registry-pull')], priorityClassName: 'batch' },
  stepPod: { nodeSelector: { 'example.org/pool': 'system' } },
});
const images = new ContainerTask(vision, 'images', { image: Image.fromRegistry('registry.example.org/ml/images:3.1', { command: ['python', 'fetch.py'] }) });
const fit = new TrainingTask(vision, 'fit', {
  image: Image.fromRegistry('registry.example.org/ml/fit:3.1', { command: ['python', 'fit.py'] }),
  objective: Objective.minimize('validation_loss'),
  metrics: ['test_accuracy'],
  resources: {
    cpu: { request: Cpu.units(4) },
    memory: { request: Size.gibibytes(16), limit: Size.gibibytes(16) },
    extendedResources: { 'nvidia.com/gpu': 1 },
  },
  pod: {
    nodeSelector: { 'example.org/pool': 'gpu' },
    tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
    annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' },
    volumes: [{ name: 'shared-memory', emptyDir: { medium: 'Memory', sizeLimit: k8s.Quantity.fromString('2Gi') } }],
    volumeMounts: [{ name: 'shared-memory', mountPath: '/dev/shm' }],
  },
});
const search = new HyperbandTuner(vision, 'search', { task: fit, minBudget: 1, maxBudget: 27, concurrency: 4, pod: { priorityClassName: 'trials' } });
search.addParameter('rate', Parameter.float({ min: 0.0001, max: 0.1, log: true }));
search.addParameter('depth', Parameter.integer({ min: 2, max: 12 }));
const answer = new ModelServer(vision, 'answer', {
  image: Image.fromRegistry('registry.example.org/ml/answer:3.1'),
  predictor: 'Vision',
  resources: { cpu: { request: Cpu.units(1) }, memory: { request: Size.gibibytes(2), limit: Size.gibibytes(2) } },
  pod: {
    priorityClassName: 'online',
    topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' }],
  },
});
const classifier = new ModelGraph(vision, 'classifier', {
  models: [Model.fromTraining('vision', { trainer: fit, server: answer })],
  replicas: 3,
  rollout: Rollout.generations({ newest: 90, previous: 10 }),
});
new Sensor(vision, 'start', { steps: [images, fit] });
new Sensor(vision, 'fitted', {
  triggers: [fit.succeeded()],
  conditions: [fit.metric('test_accuracy').above(0.9), Condition.betterThanLive(classifier, 'test_accuracy')],
  steps: [classifier.deploy()],
});
new AlertRetrainSensor(vision, 'decayed', {
  model: classifier,
  alert: classifier.accuracy({ window: Duration.hours(1), minimumSamples: 500 }).below(0.85),
  steps: [images, fit],
});

// Namespace 'insights': two axons that share a platform and a claim.

const insights: PlatformAttributes = { ...cluster, hosts: ['insights.models.example.org'] };
const insightsBase = new Chart(app, 'insights-base', { namespace: 'insights', labels: { 'example.org/cost-centre': '0815' } });
new PersistentVolumeClaim(insightsBase, 'claim', {
  metadata: { name: 'warehouse-extracts' }, accessModes: [PersistentVolumeAccessMode.READ_WRITE_MANY], storage: Size.gibibytes(500),
});
const platform = new Platform(insightsBase, 'platform', insights);

const reportsChart = new Chart(app, 'reports', { namespace: 'insights', labels: { 'example.org/cost-centre': '0815' } });
const reports = new Axon(reportsChart, 'reports', {
  platform,
  // The claim exists: here in another chart, elsewhere perhaps in another repository.
  storage: Storage.fromClaim(PersistentVolumeClaim.fromClaimName(reportsChart, 'claim', 'warehouse-extracts')),
  parameters: { region: 'eu' },
});
const report = new ContainerTask(reports, 'report', {
  image: Image.fromRegistry('registry.example.org/ml/report:1.4', { command: ['report'] }),
  env: { REGION: reports.parameter('region').valueAsString },
  secretEnv: { WAREHOUSE_PASSWORD: { secret: Secret.fromSecretName(reportsChart, 'warehouse', 'warehouse'), key: 'password' } },
});
new Sensor(reports, 'nightly', {
  triggers: [Trigger.calendar('night', { schedule: Cron.schedule({ minute: '30', hour: '2' }), timeZone: 'Europe/Berlin' })],
  steps: [report],
});
new Sensor(reports, 'called', { triggers: [Trigger.rest('report')], callParameters: ['region'], steps: [report] });

const extractsChart = new Chart(app, 'extracts', { namespace: 'insights', labels: { 'example.org/cost-centre': '0816' } });
const extracts = new Axon(extractsChart, 'extracts', {
  platform: Platform.fromPlatformAttributes(extractsChart, 'platform', { ...insights, namespace: 'insights' }),
  storage: Storage.fromClaim(PersistentVolumeClaim.fromClaimName(extractsChart, 'claim', 'warehouse-extracts')),
});
const extract = new ContainerTask(extracts, 'extract', { image: Image.fromRegistry('registry.example.org/ml/extract:0.9', { command: ['extract'] }) });
new Sensor(extracts, 'hourly', { triggers: [Trigger.every('hour', Duration.hours(1))], steps: [extract] });
// No property keeps more failed sweeps: the object itself is patched.
extracts.manifest('CronWorkflow', 'extracts-sweep').addJsonPatch(JsonPatch.replace('/spec/failedJobsHistoryLimit', 10));

app.synth();
