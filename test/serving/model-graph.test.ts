import { Duration } from 'cdk8s';
import {
  Axon, Backend, ContainerTask, DataCapture, Image, Model, ModelGraph, ModelGraphProps, ModelServer, Rollout, Route, Sensor, SensorProps, Source,
  Step, TrainingTask, Trigger,
} from '../../src';
import { digitsLoop, emptyAxon, modelParts, READY, smallLoop } from '../helpers/loop';
import { documentOf, find, Manifest, messageOf, refusals, synthesise, templateOf } from '../helpers/manifests';

function graph(props: Partial<ModelGraphProps> = {}, name: string = 'digits') {
  const { chart, axon } = emptyAxon();
  const { train, serve } = modelParts(axon);
  const model = new ModelGraph(axon, 'model', { models: [Model.fromTraining(name, { trainer: train, server: serve })], ...props });
  new Sensor(axon, 'trained', { triggers: [train.succeeded()], steps: [model.deploy()] });
  return { chart, axon, model };
}

function documentWith(props: Partial<ModelGraphProps> = {}, name?: string): Manifest {
  return documentOf(synthesise(graph(props, name).chart), 'digits-model-model');
}

test('a model is served by one pod, reached at /predict and /send-feedback, and captured nowhere', () => {
  const document = documentWith();

  expect(document).toMatchObject({ replicas: 1, retention: 1, rollout: [{ destinations: [{ generation: 0, weight: 100 }] }] });
  expect(document.routes.map(({ path }: Manifest) => path)).toEqual(['/predict', '/send-feedback']);
  expect(document).not.toHaveProperty('capture');
});

test('a model says what it serves and with what', () => {
  expect(documentWith().models).toEqual([{
    name: 'digits',
    selection: 'best',
    backends: [{
      name: 'digits',
      trainer: 'train',
      weight: 100,
      server: expect.objectContaining({
        name: 'serve', image: 'registry.example.org/ml/work:1.0', command: ['python', 'work.py'], predictor: 'Digits',
      }),
    }],
  }]);
});

test('a model is known by the identifier of its name, and so are the routes to it', () => {
  const document = documentWith({}, 'DigitsModel');

  expect(document.models[0].name).toBe('digits-model');
  expect(document.routes[0].nodes[0].model).toBe('digits-model');
});

test('the least number of releases that stay is what the rollout speaks of', () => {
  expect(documentWith({ rollout: Rollout.generations({ newest: 80 }) }).retention).toBe(2);
  expect(documentWith({ rollout: Rollout.generations({ newest: 80 }), revisionHistoryLimit: 5 }).retention).toBe(5);
});

test('a public path can call another one of the model', () => {
  expect(documentWith({ routes: [Route.to('/v1/score/', 'digits', { call: '/predict' })] }).routes)
    .toEqual([{ path: '/v1/score', nodes: [{ model: 'digits', path: '/predict', dependencies: [], includeInput: false }] }]);
});

test.each<[string, DataCapture, Manifest]>([
  ['all for 30 days', DataCapture.all(), { rate: 1, retentionSeconds: 2592000, dropFields: [] }],
  ['a share', DataCapture.sampled({ rate: 0.1, retention: Duration.hours(1), dropFields: ['b', 'a', 'b'] }), { rate: 0.1, retentionSeconds: 3600, dropFields: ['a', 'b'] }],
])('a model captures %s', (_, capture, document) => {
  expect(documentWith({ capture }).capture).toEqual(document);
});

test('several backends share a model by weight', () => {
  const { chart, axon } = emptyAxon();
  const { train, serve } = modelParts(axon);
  const backends = [Backend.fromTraining('Old', { trainer: train, server: serve, weight: 90 }), Backend.fromTraining('new', { trainer: train, server: serve, weight: 10 })];
  const model = new ModelGraph(axon, 'model', { models: [Model.fromBackends('digits', { backends })] });
  new Sensor(axon, 'trained', { triggers: [train.succeeded()], steps: [model.deploy()] });

  const [document] = documentOf(synthesise(chart), 'digits-model-model').models;

  expect(document.selection).toBe('weighted');
  expect(document.backends.map(({ name, weight }: Manifest) => [name, weight])).toEqual([['old', 90], ['new', 10]]);
});

test('two models of one axon share the accounts of the step and of the servers', () => {
  const { chart, axon } = emptyAxon();
  const { train, serve } = modelParts(axon);
  const models = ['one', 'two'].map((name) => new ModelGraph(axon, name, {
    models: [Model.fromTraining('digits', { trainer: train, server: serve })], routes: [Route.to(`/${name}`, 'digits')],
  }));
  new Sensor(axon, 'trained', { triggers: [train.succeeded()], steps: models.map((model) => model.deploy()) });

  const accounts = synthesise(chart).filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => metadata.name);

  expect(accounts.filter((name) => /-(deploy|serve)$/.test(name))).toEqual(['digits-deploy', 'digits-serve']);
});

test("a server's image is built in the run that deploys it", () => {
  const { chart, axon } = emptyAxon({ source: Source.git({ repository: 'https://git.example.org/x.git', revision: '4f1c2d0' }) });
  const { train } = modelParts(axon);
  const server = new ModelServer(axon, 'built', { image: Image.fromSource('serve') });
  const model = new ModelGraph(axon, 'model', { models: [Model.fromTraining('digits', { trainer: train, server })] });
  new Sensor(axon, 'trained', { triggers: [train.succeeded()], steps: [model.deploy()] });
  const { tasks } = templateOf(synthesise(chart), 'sensor-trained').dag;

  expect(tasks.map(({ name, depends }: Manifest) => [name, depends]))
    .toEqual([['gate', undefined], ['build-built', 'gate.Succeeded'], ['deploy-model', 'build-built.Succeeded']]);
  expect(tasks[2].arguments.parameters).toContainEqual({ name: 'image-built', value: '{{tasks.build-built.outputs.parameters.image}}' });
});

test('a run that is one deployment is one step, which decides by itself', () => {
  const { chart, axon } = emptyAxon();
  const { train, serve } = modelParts(axon);
  const model = new ModelGraph(axon, 'model', { models: [Model.fromTraining('digits', { trainer: train, server: serve })] });
  new Sensor(axon, 'trained', { triggers: [train.succeeded()], steps: [model.deploy()] });
  const objects = synthesise(chart);
  const { container, inputs, volumes } = templateOf(objects, 'deploy-model');

  expect(templateOf(objects, 'sensor-trained').dag.tasks).toEqual([{
    name: 'deploy-model',
    template: 'deploy-model',
    arguments: { parameters: [{ name: 'sensor', value: 'trained' }, { name: 'version', value: '' }, { name: 'events', value: '' }] },
  }]);
  expect(inputs.parameters).toEqual([{ name: 'sensor' }, { name: 'version' }, { name: 'events' }]);
  expect(container.env).toContainEqual({ name: 'MYELIN_EVENT', value: '{{workflow.parameters.event}}' });
  expect(volumes.map(({ name }: Manifest) => name)).toEqual(['axon', 'model-model', 'out']);
});

test.each<[string, (task: TrainingTask, models: ModelGraph[]) => SensorProps['steps']]>([
  ['deploys several models', (_, models) => models.map((model) => model.deploy())],
  ['deploys several models at once', (_, models) => [Step.parallel(...models.map((model) => model.deploy()))]],
  ['runs a task before', (task, [model]) => [task, model.deploy()]],
  ['runs a task afterwards', (task, [model]) => [model.deploy(), task]],
])('a run that %s begins with the gate, which decides for all its steps', (_, steps) => {
  const { chart, axon } = emptyAxon();
  const { train, serve } = modelParts(axon);
  const models = ['one', 'two'].map((name) => new ModelGraph(axon, name, {
    models: [Model.fromTraining('digits', { trainer: train, server: serve })], routes: [Route.to(`/${name}`, 'digits')],
  }));
  const other = new TrainingTask(axon, 'other', { image: READY });
  new Sensor(axon, 'trained', { triggers: [train.succeeded()], steps: steps(other, models) });
  new Sensor(axon, 'rest', { triggers: [Trigger.rest('rest')], steps: [other, ...models.map((model) => model.deploy())] });
  const tasks: Manifest[] = templateOf(synthesise(chart), 'sensor-trained').dag.tasks;

  expect(tasks[0].name).toBe('gate');
  tasks.slice(1).forEach(({ depends, when }) => expect([depends === 'gate.Succeeded', when !== undefined]).toEqual([when !== undefined, depends === 'gate.Succeeded']));
  expect(tasks.find(({ name }) => name === 'deploy-one')!.arguments.parameters).toContainEqual({ name: 'version', value: '{{tasks.gate.outputs.parameters.version}}' });
});

test('everything below the address of an axon is left to the runtime, and nothing beside it', () => {
  const { spec } = find(synthesise(digitsLoop({ namespace: 'ml' }).chart), 'VirtualService', 'digits');

  expect(spec).toEqual({
    hosts: ['*'],
    gateways: ['ml/myelin'],
    http: [{ name: 'digits', match: [{ uri: { exact: '/ml/digits' } }, { uri: { prefix: '/ml/digits/' } }], delegate: { name: 'digits-routes', namespace: 'ml' } }],
  });
});

test('an axon without models has no routes', () => {
  expect(synthesise(smallLoop().chart).map(({ kind }) => kind)).not.toContain('VirtualService');
});

test('a deployment that runs once runs again when what it serves changes, and not when the number of its pods does', () => {
  const nameOf = (image: Image, replicas: number) => {
    const { chart, axon } = emptyAxon();
    const { train } = modelParts(axon);
    const server = new ModelServer(axon, 'server', { image });
    const model = new ModelGraph(axon, 'model', { models: [Model.fromTraining('digits', { trainer: train, server })], replicas });
    new Sensor(axon, 'now', { steps: [model.deploy()] });
    return synthesise(chart).find(({ kind, metadata }) => kind === 'Workflow' && metadata.name.startsWith('digits-now-')).metadata.name;
  };

  expect(nameOf(READY, 3)).toBe(nameOf(READY, 1));
  expect(nameOf(Image.fromRegistry('other:1'), 1)).not.toBe(nameOf(READY, 1));
});

test('a model that nobody deploys is warned about', () => {
  const { axon } = emptyAxon();
  const { train, serve } = modelParts(axon);
  new ModelGraph(axon, 'model', { models: [Model.fromTraining('digits', { trainer: train, server: serve })] });

  expect(axon.warnings).toEqual(["model: 'modelName' (model) is deployed by no sensor, so it has no address, add its 'deploy()' to the steps of a sensor"]);
});

interface Parts {
  readonly axon: Axon;
  readonly trainer: TrainingTask;
  readonly server: ModelServer;
}

test.each<[string, (parts: Parts) => unknown, string]>([
  ['a graph has two models', ({ axon, ...parts }) => new ModelGraph(axon, 'm', { models: [Model.fromTraining('a', parts), Model.fromTraining('b', parts)] }),
    "'models' (b) is a second model beside 'a', and graphs of several models are not supported yet, serve each model by a graph of its own, in an axon of its own"],
  ['there are no pods', ({ axon, ...parts }) => new ModelGraph(axon, 'm', { models: [Model.fromTraining('a', parts)], replicas: 0 }), "'replicas' (0) must be a whole number of at least 1, set a whole number"],
  ['releases go before the rollout lets them', ({ axon, ...parts }) => new ModelGraph(axon, 'm', { models: [Model.fromTraining('a', parts)], rollout: Rollout.generations({ newest: 50 }), revisionHistoryLimit: 1 }),
    "'revisionHistoryLimit' (1) is less than the 2 generations that the rollout names, set it to 2 or more"],
  ['a model has a dot in its name', (parts) => Model.fromTraining('a.b', parts), "'name' (a.b) must be letters, digits, dashes and underscores, with a letter first, at most 63, rename it"],
  ['a backend has a space in its name', (parts) => Backend.fromTraining('a b', parts), "'name' (a b) must be letters, digits, dashes and underscores, with a letter first, at most 63, rename it"],
  ['a model has the name INPUT', (parts) => Model.fromTraining('INPUT', parts), "'name' (INPUT) is the key of the original request in the input of joined models, rename it"],
  ['a model has no backend', () => Model.fromBackends('a', { backends: [] }), "'backends' ([]) must hold at least one backend of 'a', add 'Backend.fromTraining(…)'"],
  ['two backends collapse to one name', (parts) => Model.fromBackends('a', { backends: [Backend.fromTraining('newOne', parts), Backend.fromTraining('new_one', parts)] }),
    "'backends' (new_one) is the name of two backends of model 'a', rename one of them"],
  ['a backend has no weight', (parts) => Model.fromBackends('a', { backends: [Backend.fromTraining('x', { ...parts, weight: 50 }), Backend.fromTraining('y', parts)] }),
    "'weight' (50 + none) must sum to 100 over the backends of 'a', set the weight of every backend"],
  ['the weights of backends do not sum to 100', (parts) => Model.fromBackends('a', { backends: [Backend.fromTraining('x', { ...parts, weight: 50 }), Backend.fromTraining('y', { ...parts, weight: 49 })] }),
    "'weight' (50 + 49) must sum to 100 over the backends of 'a', set the weight of every backend"],
  ['a weight is negative', (parts) => Backend.fromTraining('x', { ...parts, weight: -1 }), "'weight' (-1) must be a whole number of percent from 0 to 100, set a number in that range"],
  ['a route has a query', () => Route.to('/predict?x=1', 'a'), "'path' (/predict?x=1) must be a path below the axon's address, without a query and without '.' and '..', write it like '/predict'"],
  ['a route climbs', () => Route.to('/a/../b', 'a'), "'path' (/a/../b) must be a path below the axon's address, without a query and without '.' and '..', write it like '/predict'"],
  ['a route is everything', () => Route.to('/', 'a'), "'path' (/) must be a path below the axon's address, without a query and without '.' and '..', write it like '/predict'"],
  ['a route takes the addresses of versions', () => Route.to('/versions/x', 'a'),
    "'path' (/versions/x) is reserved for the addresses of versions ('/versions/<version>/…'), use another path"],
  ['a sampled capture records nothing', () => DataCapture.sampled({ rate: 0 }), "'rate' (0) must be more than 0 and at most 1: it is a share, set a share, for instance 0.1"],
  ['a share is a percentage', () => DataCapture.sampled({ rate: 50 }), "'rate' (50) must be more than 0 and at most 1: it is a share, set a share, for instance 0.1"],
  ['records are kept for seconds', () => DataCapture.all({ retention: Duration.seconds(5) }), "'retention' (5 s) must be at least a minute, raise it"],
  ['a retention has a fraction of a second', () => DataCapture.all({ retention: Duration.millis(90500) }), "'retention' (90500 ms) must be whole seconds, round it"],
  ['a field that is dropped has no name', () => DataCapture.all({ dropFields: [''] }), "'dropFields' () must not be empty, name the field by its path"],
  ['a model is trained by a model server', ({ server }) => Model.fromTraining('a', { trainer: server as unknown as TrainingTask, server }), "'trainer' (a) must be a training task, set it to the 'TrainingTask' that trains the model"],
  ['a model is served by a training', ({ trainer }) => Model.fromTraining('a', { trainer, server: trainer as unknown as ModelServer }), "'server' (a) must be a model server, set it to a 'ModelServer'"],
  ['a model is trained in another axon', ({ axon, ...parts }) => new ModelGraph(new Axon(axon.node.scope!, 'other'), 'm', { models: [Model.fromTraining('a', parts)] }),
    "'models' (train) belongs to axon 'digits', and the model graph to axon 'other', declare both in one axon"],
])('fails if %s', (_, declare, message) => {
  const { axon } = emptyAxon();
  const { train: trainer, serve: server } = modelParts(axon);
  expect(messageOf(() => declare({ axon, trainer, server }))).toBe(message);
});

test.each<[string, Partial<ModelGraphProps>, string]>([
  ['a route leads to a model that does not exist', { routes: [Route.to('/predict', 'digit')] },
    "model: 'routes' (/predict to digit) names a model that the graph does not have, did you mean 'digits'?"],
  ['a path is routed twice', { routes: [Route.to('/predict', 'digits'), Route.to('/predict/', 'digits')] }, "model: 'routes' (/predict) is routed twice, remove one"],
  ['there are no routes', { routes: [] }, "model: 'routes' ([]) is empty, so the model has no address, call 'addRoute', or remove 'routes' for the default paths"],
])('fails if %s', (_, props, message) => {
  expect(refusals(graph(props).chart)).toEqual([message]);
});

test('fails if two model graphs want one path', () => {
  const { chart, axon } = graph();
  const trainer = axon.node.findChild('train') as TrainingTask;
  const server = axon.node.findChild('serve') as ModelServer;
  const second = new ModelGraph(axon, 'second', { models: [Model.fromTraining('other', { trainer, server })], routes: [Route.to('/predict', 'other')] });
  new Sensor(axon, 'also', { triggers: [trainer.succeeded()], steps: [second.deploy()] });

  expect(refusals(chart)).toEqual(["second: 'routes' (/predict) is also a path of the model graph 'model' of the same axon, use another path in one of them"]);
});

test('fails if a model graph has the name of a task', () => {
  const { chart, axon } = graph();
  new Sensor(axon, 'more', { steps: [new ContainerTask(axon, 'Model', { image: READY })] });

  expect(refusals(chart)).toEqual(["model: 'modelName' (model) is also the name of a task, and the steps of a sensor may be either, set another 'modelName'"]);
});
