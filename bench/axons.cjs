const { Duration } = require('cdk8s');
const m = require('..');

/** The loop of examples/digits, under any name. */
exports.digits = function digits(scope, name) {
  const axon = new m.Axon(scope, name, { source: m.Source.git({ repository: 'https://git.example.org/ml/digits.git', revision: '4f1c2d0' }) });
  const prepare = new m.ContainerTask(axon, 'prepare', { image: m.Image.fromDockerfile('prepare/Dockerfile') });
  const train = new m.TrainingTask(axon, 'train', {
    image: m.Image.fromDockerfile('train/Dockerfile'), objective: m.Objective.maximize('validation_accuracy'), metrics: ['test_accuracy'],
  });
  new m.HyperbandTuner(axon, 'tuner', {
    task: train, minBudget: 1, maxBudget: 27, space: { 'learning-rate': m.Parameter.float({ min: 0.0001, max: 0.1, log: true }) },
  });
  const serve = new m.ModelServer(axon, 'serve', { image: m.Image.fromSource('serve') });
  const model = new m.ModelGraph(axon, 'model', { models: [m.Model.fromTraining('digits', { trainer: train, server: serve })], capture: m.DataCapture.all() });
  new m.Sensor(axon, 'start', { steps: [prepare, train] });
  new m.Sensor(axon, 'trained', { triggers: [train.succeeded()], conditions: [train.metric('test_accuracy').above(0.95)], steps: [model.deploy()] });
  new m.AlertRetrainSensor(axon, 'decayed', { model, alert: model.accuracy({ window: Duration.minutes(5) }).below(0.9), steps: [prepare, train] });
  return scope;
};

/** One sensor that runs many tasks, each stage after the whole stage before it. */
exports.layers = function layers(scope, stages, width) {
  const axon = new m.Axon(scope, 'layers');
  const task = (name) => new m.ContainerTask(axon, name, { image: m.Image.fromRegistry('images.example.org/step:1', { command: ['step'] }) });
  new m.Sensor(axon, 'all', {
    steps: Array.from({ length: stages }, (_, i) => m.Step.parallel(...Array.from({ length: width }, (_, j) => task(`t-${i}-${j}`)))),
  });
  return scope;
};
