// The probe's loop on a node that admits only pods with a toleration, in a namespace with a ResourceQuota, under an account that exists.
// usage: node main.mjs NAMESPACE     writes to CDK8S_OUTDIR
import { App, Chart, Size } from 'cdk8s';
import * as myelin from 'cdk8s-myelin';
import { ServiceAccount } from 'cdk8s-plus-27';

const namespace = process.argv[2];
const app = new App();
const pod = { tolerations: [{ key: 'myelin.test/dedicated', operator: 'Exists', effect: 'NoSchedule' }], nodeSelector: { 'myelin.test/pool': 'ml' } };
const base = new Chart(app, 'base', { namespace, labels: { 'example.org/cost-centre': '4711' } });
const chart = new Chart(app, 'probe', { namespace, labels: { 'example.org/cost-centre': '4711' } });
const axon = new myelin.Axon(chart, 'probe', {
  platform: new myelin.Platform(base, 'platform', { eventBusReplicas: 1, pod, imageBuilder: myelin.ImageBuilder.external() }),
  serviceAccount: new ServiceAccount(base, 'runner', { metadata: { name: 'runner' } }),
  storage: myelin.Storage.claim({ size: Size.gibibytes(1) }),
  labels: { 'example.org/team': 'probe' },
  pod: { ...pod, annotations: { 'example.org/kind': 'user-code' } },
  stepPod: pod,
});
const image = (command) => myelin.Image.fromRegistry('probe/tasks:1', { command });
const prepare = new myelin.ContainerTask(axon, 'prepare', { image: image(['python3', 'prepare.py']) });
const train = new myelin.TrainingTask(axon, 'train', {
  image: image(['python3', 'train.py']),
  objective: myelin.Objective.maximize('validation_accuracy'),
  metrics: ['test_accuracy'],
  inputs: [prepare],
  pod: { volumes: [{ name: 'scratch', emptyDir: {} }], volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }] },
});
const tuner = new myelin.HyperbandTuner(axon, 'tuner', {
  task: train, minBudget: 1, maxBudget: 3, brackets: 1, concurrency: 2, pod: { annotations: { 'example.org/trial': 'yes' } },
});
tuner.addParameter('learning-rate', myelin.Parameter.float({ min: 0.1, max: 1, log: true }));
const server = new myelin.ModelServer(axon, 'serve', {
  image: myelin.Image.fromRegistry('probe/tasks:1'),
  predictor: 'Probe',
  pod: { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' }] },
});
const model = new myelin.ModelGraph(axon, 'model', { models: [myelin.Model.fromTraining('probe', { trainer: train, server })] });
new myelin.Sensor(axon, 'start', { steps: [prepare, train] });
new myelin.Sensor(axon, 'trained', { triggers: [train.succeeded()], steps: [model.deploy()] });
app.synth();
