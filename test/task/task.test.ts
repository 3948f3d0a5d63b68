import { Duration } from 'cdk8s';
import { Axon, ContainerTask, DataCapture, ITask, Model, ModelGraph, Objective, Route, Sensor, TaskProps, TrainingTask } from '../../src';
import { digitsLoop, emptyAxon, modelParts, READY, smallLoop } from '../helpers/loop';
import { documentOf, Manifest, messageOf, refusals, synthesise, templateOf } from '../helpers/manifests';

function templateWith(props: Partial<TaskProps>): Manifest {
  const { chart, axon } = emptyAxon();
  new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'work', { image: READY, ...props })] });
  return templateOf(synthesise(chart), 'task-work');
}

function envOf(template: Manifest): Record<string, string> {
  return Object.fromEntries(template.container.env.map(({ name, value }: Manifest) => [name, value]));
}

test('a task is given up after a day, and repeated only when the cluster lost its pod', () => {
  const template = templateWith({});

  expect(template.activeDeadlineSeconds).toBe(86400);
  expect(template.retryStrategy).toEqual({
    limit: '2',
    retryPolicy: 'Always',
    expression: 'lastRetry.status == "Error" || (asInt(lastRetry.exitCode) in [-1, 137, 143] && asFloat(lastRetry.duration) < 86400)',
    backoff: { duration: '10s', factor: '2', cap: '5m' },
  });
});

test('a task that asks for retries gets them whatever went wrong', () => {
  expect(templateWith({ retries: 0 }).retryStrategy).toMatchObject({ limit: '0', retryPolicy: 'Always' });
  expect(templateWith({ retries: 5 }).retryStrategy).toMatchObject({ limit: '5', retryPolicy: 'Always' });
});

test('a timeout counts in seconds', () => {
  expect(templateWith({ timeout: Duration.minutes(90) }).activeDeadlineSeconds).toBe(5400);
});

test('a task writes into the folder of its own run', () => {
  const env = envOf(templateWith({}));

  expect(env.DATA_PATH).toBe('/var/lib/myelin/digits/work/{{workflow.name}}');
  expect(env.MODEL_PATH).toBe(env.DATA_PATH);
  expect(env).toMatchObject({ AXON_NAME: 'digits', NAMESPACE: 'default', TASK_ID: 'work', MYELIN_METRICS_PATH: '/myelin/out/metrics.json' });
});

test('user code is told of its own name as the user wrote it', () => {
  const { chart, axon } = emptyAxon();
  const clean = new ContainerTask(axon, 'CleanRecords', { image: READY });
  const train = new TrainingTask(axon, 'train', { image: READY });
  new Sensor(axon, 'start', { steps: [clean, train] });
  const objects = synthesise(chart);

  expect(envOf(templateOf(objects, 'task-clean-records')).TASK_ID).toBe('CleanRecords');
  expect(envOf(templateOf(objects, 'task-train'))).toHaveProperty('DATA_PATH_CleanRecords', '{{inputs.parameters.folder-clean-records}}');
});

test('a task sees the folder of a task that ran before it in the same run, and what the gate knows of others', () => {
  const { chart } = digitsLoop();
  const objects = synthesise(chart);
  const argumentOf = (graph: string, task: string) => templateOf(objects, graph).dag.tasks
    .find(({ name }: Manifest) => name === task).arguments.parameters;

  expect(argumentOf('sensor-start', 'task-train')).toContainEqual({ name: 'folder-prepare', value: '/var/lib/myelin/digits/prepare/{{workflow.name}}' });
  expect(argumentOf('sensor-start', 'task-prepare')).toContainEqual({ name: 'folder-train', value: '{{tasks.gate.outputs.parameters.folder-train}}' });
});

test('a task that names its inputs is told of those alone', () => {
  const { chart, axon } = emptyAxon();
  const [a, b] = ['a', 'b'].map((name) => new ContainerTask(axon, name, { image: READY }));
  const train = new TrainingTask(axon, 'train', { image: READY, inputs: [b] });
  new Sensor(axon, 'start', { steps: [a, b, train] });

  expect(templateOf(synthesise(chart), 'task-train').inputs.parameters).toEqual([{ name: 'folder-b' }]);
});

test('the feedback folder is named where some model captures data, and nowhere else', () => {
  const withCapture = synthesise(digitsLoop().chart);
  const without = synthesise(smallLoop().chart);

  expect(envOf(templateOf(withCapture, 'task-prepare')).FEEDBACK_PATH).toBe('/var/lib/myelin/digits/feedback/model');
  expect(envOf(templateOf(without, 'task-work'))).not.toHaveProperty('FEEDBACK_PATH');
});

test('with two models that capture data the feedback folder is that of both', () => {
  const { chart, axon } = emptyAxon();
  const { train, serve } = modelParts(axon);
  const models = ['one', 'two'].map((name) => new ModelGraph(axon, name, {
    models: [Model.fromTraining('digits', { trainer: train, server: serve })], capture: DataCapture.all(), routes: [Route.to(`/${name}`, 'digits')],
  }));
  new Sensor(axon, 'trained', { triggers: [train.succeeded()], steps: models.map((model) => model.deploy()) });

  expect(envOf(templateOf(synthesise(chart), 'task-train')).FEEDBACK_PATH).toBe('/var/lib/myelin/digits/feedback');
});

test('a training without a tuner publishes its objective and its other metrics', () => {
  const { chart, axon } = emptyAxon();
  modelParts(axon);

  expect(documentOf(synthesise(chart), 'digits-axon').tasks).toContainEqual({
    name: 'train', kind: 'training', metrics: ['accuracy', 'auc'], objective: { metric: 'accuracy', direction: 'maximize' }, emits: [],
  });
});

test('a task tells of its end only where somebody listens', () => {
  const { chart, axon } = emptyAxon();
  const [a, b] = ['a', 'b'].map((name) => new ContainerTask(axon, name, { image: READY }));
  new Sensor(axon, 'start', { steps: [a] });
  new Sensor(axon, 'next', { triggers: [a.succeeded()], steps: [b] });
  new Sensor(axon, 'repair', { triggers: [a.failed(), b.succeeded()], steps: [new ContainerTask(axon, 'c', { image: READY })] });
  const objects = synthesise(chart);
  const start = templateOf(objects, 'sensor-start').dag.tasks;

  expect(documentOf(objects, 'digits-axon').tasks.map(({ emits }: Manifest) => emits)).toEqual([['failed', 'succeeded'], ['succeeded'], []]);
  expect(start.map(({ name }: Manifest) => name)).toEqual(['gate', 'task-a', 'emit-a', 'failed-a']);
  expect(start[3]).toMatchObject({ template: 'emit', depends: 'task-a.Failed || task-a.Errored' });
  expect(templateOf(objects, 'sensor-repair').dag.tasks.map(({ name }: Manifest) => name)).toEqual(['gate', 'task-c']);
});

test('an exit hook tells of a failure behind which nothing waits, and a step of any other', () => {
  const { chart, axon } = emptyAxon();
  const [a, b] = ['a', 'b'].map((name) => new ContainerTask(axon, name, { image: READY }));
  new Sensor(axon, 'start', { steps: [a, b] });
  new Sensor(axon, 'repair', { triggers: [a.failed()], steps: [new ContainerTask(axon, 'c', { image: READY })] });
  new Sensor(axon, 'alarm', { triggers: [b.failed()], steps: [new ContainerTask(axon, 'd', { image: READY })] });
  const [, first, told, last] = templateOf(synthesise(chart), 'sensor-start').dag.tasks;

  expect([first.name, told.name, last.name]).toEqual(['task-a', 'failed-a', 'task-b']);
  expect(first.hooks).toBeUndefined();
  expect(last.hooks.exit).toMatchObject({ template: 'emit', expression: 'tasks["task-b"].status in ["Failed", "Error"]' });
});

test('nobody is told anything in an axon where nobody listens', () => {
  const objects = synthesise(smallLoop().chart);

  expect(objects.map(({ metadata }) => metadata.name)).not.toContain('small-emit');
  expect(() => templateOf(objects, 'emit')).toThrow('no template emit');
});

test.each<[string, (axon: Axon) => unknown, string]>([
  ['a container task has no image', (axon) => new ContainerTask(axon, 'x', {} as TaskProps), "'image' (undefined) is required, set it, for instance to 'Image.fromRegistry(…)'"],
  ['a training has no image', (axon) => new TrainingTask(axon, 'x', {} as TaskProps), "'image' (undefined) is required, set it, for instance to 'Image.fromRegistry(…)'"],
  ['retries are negative', (axon) => new ContainerTask(axon, 'x', { image: READY, retries: -1 }), "'retries' (-1) must be a whole number of at least 0, set a whole number"],
  ['retries are a fraction', (axon) => new ContainerTask(axon, 'x', { image: READY, retries: 1.5 }), "'retries' (1.5) must be a whole number of at least 0, set a whole number"],
  ['a timeout is nothing', (axon) => new ContainerTask(axon, 'x', { image: READY, timeout: Duration.seconds(0) }), "'timeout' (0 s) must be at least a second, raise it, or remove it for a day"],
  ['a timeout has a fraction of a second', (axon) => new ContainerTask(axon, 'x', { image: READY, timeout: Duration.millis(1500) }), "'timeout' (1500 ms) must be whole seconds, round it"],
  ['a metric is listed twice', (axon) => new ContainerTask(axon, 'x', { image: READY, metrics: ['auc', 'auc'] }), "'metrics' (auc) is listed twice, remove one"],
  ['a metric begins with a digit', (axon) => new ContainerTask(axon, 'x', { image: READY, metrics: ['5xx'] }),
    "'metrics' (5xx) must be the name of a metric: a letter or underscore, then letters, digits, underscores, colons and dashes, at most 128, rename it"],
  ['a condition is about a metric with a space', (axon) => new ContainerTask(axon, 'x', { image: READY }).metric('test accuracy'),
    "'metric' (test accuracy) must be the name of a metric: a letter or underscore, then letters, digits, underscores, colons and dashes, at most 128, rename it"],
  ['a task lies outside an axon', (axon) => new ContainerTask(axon.node.scope!, 'x', { image: READY }), "'scope' (test) is outside an axon, create the construct with an 'Axon' as its scope, directly or indirectly"],
])('fails if %s', (_, declare, message) => {
  expect(messageOf(() => declare(emptyAxon().axon))).toBe(message);
});

/** A task, as an axon file names it. */
function named(name: string): ITask {
  return { taskName: name, identifier: name };
}

test('fails if an input is the task of another axon, a model server, or the task itself', () => {
  const { chart, axon } = emptyAxon();
  const other = new ContainerTask(new Axon(chart, 'other'), 'prepare', { image: READY });
  modelParts(axon);
  new Sensor(axon, 'again', { steps: [new ContainerTask(axon, 'report', { image: READY, inputs: [other, named('serve'), named('report')] })] });

  expect(refusals(chart)).toEqual([
    "'sensors' (other) are none, so nothing would ever run, add a Sensor",
    "report: 'inputs' (prepare) is no other task of the axon that leaves a folder, use one of train",
    "report: 'inputs' (serve) is no other task of the axon that leaves a folder, use one of train",
    "report: 'inputs' (report) is no other task of the axon that leaves a folder, use one of train",
  ].sort((a, b) => Number(a.startsWith("'sensors'")) - Number(b.startsWith("'sensors'"))));
});

test.each<[string, Objective, string]>([
  ['a loss that is maximized', Objective.maximize('validation_loss'),
    "train: 'objective' (validation_loss) is maximized, but its name reads as smaller is better, minimize it or rename it"],
  ['an accuracy that is minimized', Objective.minimize('test-accuracy'),
    "train: 'objective' (test-accuracy) is minimized, but its name reads as larger is better, maximize it or rename it"],
])('%s is warned about', (_, objective, message) => {
  const { axon } = emptyAxon();
  new Sensor(axon, 'start', { steps: [new TrainingTask(axon, 'train', { image: READY, objective })] });

  expect(axon.warnings).toEqual([message]);
});

test.each([Objective.maximize('validation_accuracy'), Objective.minimize('loss'), Objective.maximize('gain'), Objective.minimize('cost')])(
  'an objective whose name and direction agree is not warned about', (objective) => {
    const { axon } = emptyAxon();
    new Sensor(axon, 'start', { steps: [new TrainingTask(axon, 'train', { image: READY, objective })] });

    expect(axon.warnings).toEqual([]);
  });

test('a training that publishes nothing is warned about', () => {
  const { axon } = emptyAxon();
  new Sensor(axon, 'start', { steps: [new TrainingTask(axon, 'train', { image: READY, metrics: [] })] });

  expect(axon.warnings).toEqual(["train: 'metrics' ([]) is empty, so nothing can be said about how good a training is, name what the code publishes"]);
});
