import { Chart, Duration, Size } from 'cdk8s';
import {
  AlertRetrainSensor, Axon, AxonProps, Condition, ContainerTask, DataCapture, HyperbandTuner, Image, IPlatform, Model, ModelGraph, ModelServer,
  Objective, Parameter, Platform, PlatformAttributes, PlatformProps, Rollout, Sensor, Source, Storage, TrainingTask,
} from '../../src';
import { testChart } from './manifests';

/** What a test may want to reach into. */
export interface DigitsLoop {
  readonly chart: Chart;
  readonly axon: Axon;
  readonly prepare: ContainerTask;
  readonly train: TrainingTask;
  readonly serve: ModelServer;
  readonly model: ModelGraph;
}

/** The loop of the examples: prepare, tuned training, gate, rollout, capture, guarded retrain. */
export function digitsLoop(props: AxonProps = {}, chart: Chart = testChart(), id: string = 'digits'): DigitsLoop {
  const axon = new Axon(chart, id, {
    source: Source.git({ repository: 'https://git.example.org/ml/digits.git', revision: '4f1c2d0' }),
    storage: Storage.claim({ size: Size.gibibytes(2) }),
    ...props,
  });
  const prepare = new ContainerTask(axon, 'prepare', { image: Image.fromDockerfile('prepare/Dockerfile') });
  const train = new TrainingTask(axon, 'train', {
    image: Image.fromDockerfile('train/Dockerfile'),
    objective: Objective.maximize('validation_accuracy'),
    metrics: ['test_accuracy'],
  });
  new HyperbandTuner(axon, 'tuner', {
    task: train,
    minBudget: 1,
    maxBudget: 27,
    concurrency: 4,
    space: {
      'learning-rate': Parameter.float({ min: 1e-4, max: 1e-1, log: true }),
      'hidden-units': Parameter.integer({ min: 16, max: 256 }),
      'activation': Parameter.categorical(['relu', 'tanh']),
    },
  });
  const serve = new ModelServer(axon, 'serve', { image: Image.fromSource('serve'), predictor: 'Digits' });
  const model = new ModelGraph(axon, 'model', {
    models: [Model.fromTraining('digits', { trainer: train, server: serve })],
    rollout: Rollout.generations({ newest: 80, previous: 20 }),
    capture: DataCapture.all({ retention: Duration.days(30) }),
  });
  new Sensor(axon, 'start', { steps: [prepare, train] });
  new Sensor(axon, 'trained', {
    triggers: [train.succeeded()],
    conditions: [train.metric('test_accuracy').above(0.95), Condition.betterThanLive(model, 'test_accuracy')],
    steps: [model.deploy()],
  });
  new AlertRetrainSensor(axon, 'decayed', {
    model,
    alert: model.accuracy({ window: Duration.minutes(5), minimumSamples: 200 }).below(0.9),
    steps: [prepare, train],
  });
  return { chart, axon, prepare, train, serve, model };
}

/** The least axon that synthesises: one task, run once. */
export function smallLoop(props: AxonProps = {}, chart: Chart = testChart(), id: string = 'small'): { chart: Chart; axon: Axon; task: ContainerTask } {
  const axon = new Axon(chart, id, props);
  const task = new ContainerTask(axon, 'work', { image: READY });
  new Sensor(axon, 'start', { steps: [task] });
  return { chart, axon, task };
}

/** An axon with nothing in it yet, for tests that add what they are about. */
export function emptyAxon(props: AxonProps = {}, chart: Chart = testChart(), id: string = 'digits'): { chart: Chart; axon: Axon } {
  return { chart, axon: new Axon(chart, id, props) };
}

/** A model with its training, its server and the sensor that trains it. */
export function modelParts(axon: Axon): { train: TrainingTask; serve: ModelServer } {
  const train = new TrainingTask(axon, 'train', { image: READY, objective: Objective.maximize('accuracy'), metrics: ['auc'] });
  const serve = new ModelServer(axon, 'serve', { image: READY, predictor: 'Digits' });
  new Sensor(axon, 'start', { steps: [train] });
  return { train, serve };
}

/** A ready image, by a tag that stays and with a command that Argo need not look up. */
export const READY = Image.fromRegistry('registry.example.org/ml/work:1.0', { command: ['python', 'work.py'] });

/** A platform that exists already. It fits every namespace unless the attributes state one. */
export function importedPlatform(attributes: PlatformAttributes): IPlatform {
  return Platform.fromPlatformAttributes(testChart(), 'platform', attributes);
}

/** What the axons of a namespace share, in a chart of its own. */
export function platformChart(app: Chart['node']['scope'], namespace?: string, props: PlatformProps = {}): Chart {
  const chart = new Chart(app!, 'platform', { namespace });
  new Platform(chart, 'platform', props);
  return chart;
}
