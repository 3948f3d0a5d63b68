import { App, Chart, Duration, Size } from 'cdk8s';
import {
  AlertRetrainSensor, Axon, Condition, ContainerTask, DataCapture, HyperbandTuner, Image, Model, ModelGraph, ModelServer, Objective, Parameter,
  Platform, Rollout, Sensor, Source, Storage, TrainingTask,
} from 'cdk8s-myelin';

const app = new App();
const namespace = 'default';

// What all axons of the namespace share; its manifests are the same whatever axons there are.
const platform = new Platform(new Chart(app, 'platform', { namespace }), 'platform');

const axon = new Axon(new Chart(app, 'digits-chart', { namespace }), 'digits', {
  platform,
  source: Source.git({ repository: 'https://git.example.org/ml/digits.git', revision: '4f1c2d0' }),
  storage: Storage.claim({ size: Size.gibibytes(2) }),
});

// What can run.
const prepare = new ContainerTask(axon, 'prepare', {
  image: Image.fromDockerfile('prepare/Dockerfile', { command: ['python', 'prepare.py'] }),
});
const train = new TrainingTask(axon, 'train', {
  image: Image.fromDockerfile('train/Dockerfile', { command: ['python', 'train.py'] }),
  objective: Objective.maximize('validation_accuracy'),
  metrics: ['test_accuracy'],
});
new HyperbandTuner(axon, 'tuner', {
  task: train,
  minBudget: 3, // epochs
  maxBudget: 27,
  brackets: 3,
  concurrency: 2,
  space: {
    'learning-rate': Parameter.float({ min: 0.0001, max: 0.1, log: true }),
    'hidden-units': Parameter.integer({ min: 16, max: 256, log: true }),
    'activation': Parameter.categorical(['relu', 'tanh']),
    'alpha': Parameter.float({ min: 0.000001, max: 0.01, log: true }),
  },
});
const serve = new ModelServer(axon, 'serve', { image: Image.fromSource('serve'), predictor: 'Digits' });

// What is deployed, as one version after the other.
const model = new ModelGraph(axon, 'model', {
  models: [Model.fromTraining('digits', { trainer: train, server: serve })],
  rollout: Rollout.generations({ newest: 80, previous: 20 }),
  capture: DataCapture.all({ retention: Duration.days(30) }),
});

// When it runs: once at first, a deployment after each training that is good enough, a retraining after each decay.
new Sensor(axon, 'start', { steps: [prepare, train] });
new Sensor(axon, 'trained', {
  triggers: [train.succeeded()],
  conditions: [train.metric('test_accuracy').above(0.95), Condition.betterThanLive(model, 'test_accuracy')],
  steps: [model.deploy()],
});
new AlertRetrainSensor(axon, 'decayed', {
  model,
  alert: model.accuracy({ window: Duration.minutes(3), minimumSamples: 150 }).below(0.9),
  sustained: Duration.seconds(15),
  steps: [prepare, train],
});

app.synth();
