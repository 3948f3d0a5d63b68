import { Construct } from 'constructs';
import { ContainerTask, Model, ModelGraph, ModelServer, Objective, Sensor, TrainingTask } from '../../src';
import { emptyAxon, READY } from '../helpers/loop';
import { documentOf, Manifest, messageOf, synthesise, templateOf } from '../helpers/manifests';

test('tasks, model servers and model graphs are named after their ids', () => {
  const { axon } = emptyAxon();
  const train = new TrainingTask(axon, 'TrainModel', { image: READY });
  const server = new ModelServer(axon, 'serve_it', { image: READY });
  const graph = new ModelGraph(axon, 'model', { models: [Model.fromTraining('digits', { trainer: train, server })] });

  expect([train.taskName, train.identifier]).toEqual(['TrainModel', 'train-model']);
  expect([server.serverName, server.identifier]).toEqual(['serve_it', 'serve-it']);
  expect([graph.modelName, graph.identifier]).toEqual(['model', 'model']);
});

test('a name that is set replaces the id in manifests, in documents and for user code', () => {
  const { chart, axon } = emptyAxon();
  const prepare = new ContainerTask(axon, 'a', { taskName: 'CleanRecords', image: READY });
  const train = new TrainingTask(axon, 'b', { taskName: 'fit', image: READY, objective: Objective.maximize('auc') });
  const server = new ModelServer(axon, 'c', { serverName: 'answer', image: READY });
  const graph = new ModelGraph(axon, 'd', { modelName: 'churn', models: [Model.fromTraining('digits', { trainer: train, server })] });
  new Sensor(axon, 'start', { steps: [prepare, train] });
  new Sensor(axon, 'trained', { triggers: [train.succeeded()], steps: [graph.deploy()] });
  const objects = synthesise(chart);
  const { env } = templateOf(objects, 'task-clean-records').container;

  expect(env).toContainEqual({ name: 'TASK_ID', value: 'CleanRecords' });
  expect(documentOf(objects, 'digits-axon').tasks.map(({ name }: Manifest) => name)).toEqual(['clean-records', 'fit']);
  const [backend] = documentOf(objects, 'digits-model-churn').models[0].backends;
  expect([backend.trainer, backend.server.name]).toEqual(['fit', 'answer']);
  expect(backend.server.env).toContainEqual({ name: 'TASK_ID', value: 'answer' });
});

test('constructs in scopes of their own can have equal ids, if their names differ', () => {
  const { axon } = emptyAxon();
  new ContainerTask(new Construct(axon, 'eu'), 'prepare', { taskName: 'prepare-eu', image: READY });
  new ContainerTask(new Construct(axon, 'us'), 'prepare', { taskName: 'prepare-us', image: READY });

  expect(messageOf(() => new ContainerTask(new Construct(axon, 'apac'), 'prepare', { taskName: 'prepare-us', image: READY })))
    .toBe("'taskName' (prepare-us) is the name of another task of axon 'digits', set another 'taskName'");
});

test('fails if two model graphs have one name', () => {
  const { axon } = emptyAxon();
  const trainer = new TrainingTask(axon, 'train', { image: READY });
  const server = new ModelServer(axon, 'serve', { image: READY });
  const models = [Model.fromTraining('digits', { trainer, server })];
  new ModelGraph(axon, 'model', { models });

  expect(messageOf(() => new ModelGraph(new Construct(axon, 'inner'), 'model', { models })))
    .toBe("'modelName' (model) is the name of another model graph of axon 'digits', set another 'modelName'");
});
