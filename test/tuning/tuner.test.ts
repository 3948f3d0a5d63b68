import { Duration } from 'cdk8s';
import {
  Axon, ContainerTask, HyperbandTuner, Objective, Parameter, RandomSearchTuner, Sensor, TrainingTask, TunerProps,
} from '../../src';
import { digitsLoop, emptyAxon, READY } from '../helpers/loop';
import { documentOf, find, Manifest, messageOf, refusals, synthesise, templateOf } from '../helpers/manifests';
import { secretValue } from '../helpers/secret-value';

const SPACE = { alpha: Parameter.float({ min: 0, max: 1 }) };

function training(): { chart: ReturnType<typeof emptyAxon>['chart']; axon: Axon; train: TrainingTask } {
  const { chart, axon } = emptyAxon();
  const train = new TrainingTask(axon, 'train', { image: READY, objective: Objective.minimize('loss') });
  new Sensor(axon, 'start', { steps: [train] });
  return { chart, axon, train };
}

test('a study document holds the search and the space of a Hyperband tuner', () => {
  const study = documentOf(synthesise(digitsLoop().chart), 'digits-study-train');

  expect(study).toMatchObject({
    task: 'train', algorithm: 'hyperband', budgets: { min: 1, max: 27, eta: 3, round: false }, concurrency: 4, objective: { metric: 'validation_accuracy', direction: 'maximize' },
  });
  expect(study.parameters).toEqual([
    { kind: 'categorical', name: 'activation', values: ['relu', 'tanh'] },
    { kind: 'integer', name: 'hidden-units', min: 16, max: 256, log: false },
    { kind: 'float', name: 'learning-rate', min: 1e-4, max: 1e-1, log: true },
  ]);
  expect(study).not.toHaveProperty('seed');
  expect(study).not.toHaveProperty('brackets');
});

test('a trial runs what the task would run', () => {
  const { chart, axon } = emptyAxon();
  const train = new TrainingTask(axon, 'train', {
    image: READY,
    objective: Objective.minimize('loss'),
    args: ['--fast'],
    env: { MODE: 'x' },
    secretEnv: { API_TOKEN: secretValue('api', 'token') },
    resources: { extendedResources: { 'nvidia.com/gpu': 1 } },
    pod: { nodeSelector: { pool: 'gpu' } },
    timeout: Duration.hours(1),
    retries: 4,
  });
  new HyperbandTuner(axon, 'tuner', { task: train, minBudget: 1, maxBudget: 9, space: SPACE, seed: 0 });
  new Sensor(axon, 'start', { steps: [train] });
  const { trial, seed, algorithm, concurrency } = documentOf(synthesise(chart), 'digits-study-train');

  expect({ seed, algorithm, concurrency }).toEqual({ seed: 0, algorithm: 'hyperband', concurrency: 1 });
  expect(trial).toMatchObject({
    image: 'registry.example.org/ml/work:1.0',
    command: ['python', 'work.py'],
    args: ['--fast'],
    resources: { limits: { 'nvidia.com/gpu': '1' } },
    pod: { spec: { nodeSelector: { pool: 'gpu' } } },
    timeoutSeconds: 3600,
    retries: 4,
    serviceAccount: 'digits-task',
    secretEnv: [{ name: 'API_TOKEN', secret: 'api', key: 'token' }],
  });
  expect(trial.env).toContainEqual({ name: 'MODE', value: 'x' });
  expect(trial.labels['sidecar.istio.io/inject']).toBe('false');
});

test('a tuned task is run by the step that tunes it, under its own account', () => {
  const objects = synthesise(digitsLoop().chart);
  const template = templateOf(objects, 'task-train');

  expect(template).toMatchObject({ serviceAccountName: 'digits-tune', container: { command: ['myelin-runtime'] } });
  expect(template.container.args.slice(0, 2)).toEqual(['tune', '--task=train']);
  expect(find(objects, 'Role', 'digits-tune').rules).toContainEqual({ apiGroups: ['batch'], resources: ['jobs'], verbs: ['create', 'get', 'list'] });
});

test('a search whose success triggers a sensor emits the event itself, with the hash of the prepared data', () => {
  const objects = synthesise(digitsLoop().chart);
  const [gate, ...others] = templateOf(objects, 'sensor-decayed').dag.tasks;
  const train = others.at(-1);

  expect([gate, ...others].map(({ name }: Manifest) => name)).toEqual(['gate', 'build-prepare', 'build-train', 'task-prepare', 'task-train']);
  expect(train.arguments.parameters).toContainEqual({ name: 'data-hash', value: '{{tasks.task-prepare.outputs.parameters.data-hash}}' });
  expect(templateOf(objects, 'task-train').container.env.map(({ name }: Manifest) => name)).toContain('MYELIN_WEBHOOK_TOKEN');
  expect(find(objects, 'Role', 'digits-tune').rules).toContainEqual({ apiGroups: [''], resources: ['configmaps'], resourceNames: ['digits-ledger'], verbs: ['get', 'update'] });
  expect(objects.map(({ metadata }) => metadata.name)).not.toContain('digits-emit');
});

test('a search whose success triggers no sensor may not write the ledger, and a hook emits its failure', () => {
  const { chart, axon, train } = training();
  new RandomSearchTuner(axon, 'tuner', { task: train, trials: 4, budget: 1, space: SPACE });
  new Sensor(axon, 'failed', { triggers: [train.failed()], steps: [new ContainerTask(axon, 'report', { image: READY })] });
  const objects = synthesise(chart);
  const [, task] = templateOf(objects, 'sensor-start').dag.tasks;

  expect(find(objects, 'Role', 'digits-tune').rules.flatMap(({ resources }: Manifest) => resources)).toEqual(['workflowtaskresults', 'jobs', 'pods']);
  expect(templateOf(objects, 'task-train').container.env.map(({ name }: Manifest) => name)).not.toContain('MYELIN_WEBHOOK_TOKEN');
  expect(templateOf(objects, 'task-train').inputs.parameters).toEqual([{ name: 'folder-report' }]);
  expect(task.hooks.exit).toMatchObject({ template: 'emit' });
});

test('two tuned tasks of one axon share the account of the step', () => {
  const { chart, axon } = emptyAxon();
  const tasks = ['one', 'two'].map((name) => {
    const task = new TrainingTask(axon, name, { image: READY, objective: Objective.minimize('loss') });
    new RandomSearchTuner(axon, `${name}-tuner`, { task, trials: 4, budget: 1, space: SPACE });
    return task;
  });
  new Sensor(axon, 'start', { steps: tasks });
  const objects = synthesise(chart);

  expect(objects.filter(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === 'digits-tune')).toHaveLength(1);
  expect([documentOf(objects, 'digits-study-one'), documentOf(objects, 'digits-study-two')].map(({ task }) => task)).toEqual(['one', 'two']);
});

test('a random search gives each trial the whole budget', () => {
  const { chart, train, axon } = training();
  new RandomSearchTuner(axon, 'tuner', { task: train, trials: 12, budget: 30, space: SPACE, concurrency: 3 });

  expect(documentOf(synthesise(chart), 'digits-study-train')).toMatchObject({ algorithm: 'random', trials: 12, budgets: { min: 30, max: 30 }, concurrency: 3 });
});

test.each<[string, (props: TunerProps, axon: Axon) => unknown, string]>([
  ['the smallest budget exceeds the largest', (props, axon) => new HyperbandTuner(axon, 't', { ...props, minBudget: 27, maxBudget: 9 }),
    "'minBudget' (27) must not exceed 'maxBudget' (9), swap them or raise 'maxBudget'"],
  ['a budget is 0', (props, axon) => new HyperbandTuner(axon, 't', { ...props, minBudget: 0, maxBudget: 9 }),
    "'minBudget' (0) must be a number of more than 0, set the budget of a trial, for instance a number of epochs"],
  ['a budget is no number', (props, axon) => new HyperbandTuner(axon, 't', { ...props, minBudget: 1, maxBudget: Number.NaN }),
    "'maxBudget' (NaN) must be a number of more than 0, set the budget of a trial, for instance a number of epochs"],
  ['every trial would go on', (props, axon) => new HyperbandTuner(axon, 't', { ...props, minBudget: 1, maxBudget: 9, eta: 1 }),
    "'eta' (1) must be a number of more than 1: one in eta trials is promoted, set 3"],
  ['there are no brackets', (props, axon) => new HyperbandTuner(axon, 't', { ...props, minBudget: 1, maxBudget: 9, brackets: 0 }),
    "'brackets' (0) must be a whole number of at least 1, set a whole number"],
  ['half a trial runs at a time', (props, axon) => new HyperbandTuner(axon, 't', { ...props, minBudget: 1, maxBudget: 9, concurrency: 0.5 }),
    "'concurrency' (0.5) must be a whole number of at least 1, set a whole number"],
  ['the seed is larger than a generator takes', (props, axon) => new HyperbandTuner(axon, 't', { ...props, minBudget: 1, maxBudget: 9, seed: 2 ** 32 }),
    "'seed' (4294967296) must be a whole number from 0 to 4294967295, set a number in that range"],
  ['a parameter has a space in its name', (props, axon) => new HyperbandTuner(axon, 't', { ...props, minBudget: 1, maxBudget: 9, space: { 'learning rate': SPACE.alpha } }),
    "'space' (learning rate) must be the name of an argument: letters, digits, dashes, dots and underscores, no digit first, at most 128, rename it"],
  ['a parameter is an argument of every trial', (props, axon) => new HyperbandTuner(axon, 't', { ...props, minBudget: 1, maxBudget: 9, space: { budget: SPACE.alpha } }),
    "'space' (budget) is an argument that every trial gets, rename it"],
  ['a random search has no trials', (props, axon) => new RandomSearchTuner(axon, 't', { ...props, trials: 0, budget: 1 }), "'trials' (0) must be a whole number of at least 1, set a whole number"],
  ['a random search has no budget', (props, axon) => new RandomSearchTuner(axon, 't', { ...props, trials: 1, budget: -1 }),
    "'budget' (-1) must be a number of more than 0, set the budget of a trial, for instance a number of epochs"],
  ['a task has two tuners', (props, axon) => ['first', 'second'].map((name) => new RandomSearchTuner(axon, name, { ...props, trials: 1, budget: 1 })),
    "'task' (train) has two tuners: 'first' and 'second', remove one of them"],
])('fails if %s', (_, declare, message) => {
  const { axon, train } = training();
  expect(messageOf(() => declare({ task: train, space: SPACE }, axon))).toBe(message);
});

test('fails if the task of a tuner is not a training task', () => {
  const { axon } = emptyAxon();
  const task = new ContainerTask(axon, 'prepare', { image: READY });
  const declare = () => new RandomSearchTuner(axon, 't', { task: task as unknown as TrainingTask, trials: 1, budget: 1, space: SPACE });

  expect(messageOf(declare)).toBe("'task' (prepare) must be a training task, set it to a 'TrainingTask'");
});

test('fails if the task of a tuner belongs to another axon', () => {
  const { chart, train } = training();

  expect(messageOf(() => new RandomSearchTuner(new Axon(chart, 'other'), 't', { task: train, trials: 1, budget: 1, space: SPACE })))
    .toBe("'task' (train) belongs to axon 'digits', and the tuner to axon 'other', declare both in one axon");
});

test('fails if the tuned task has no objective', () => {
  const { chart, axon } = emptyAxon();
  const task = new TrainingTask(axon, 'train', { image: READY });
  new RandomSearchTuner(axon, 'tuner', { task, trials: 1, budget: 1, space: SPACE });
  new Sensor(axon, 'start', { steps: [task] });

  expect(refusals(chart)).toEqual(["tuner: 'task' (train) has no objective, so its trials cannot be compared, set the task's 'objective', for instance to 'Objective.minimize(metric)'"]);
});

test.each<[string, () => unknown, string]>([
  ['a number has no room', () => Parameter.float({ min: 1, max: 1 }), "'min' (1) must be less than 'max' (1), fix the value in the code instead of searching for it"],
  ['the bounds are swapped', () => Parameter.integer({ min: 9, max: 1 }), "'min' (9) must be less than 'max' (1), swap them"],
  ['a bound is endless', () => Parameter.float({ min: 0, max: Infinity }), "'max' (Infinity) must be a finite number, set a finite number"],
  ['a whole number has a fraction', () => Parameter.integer({ min: 0.5, max: 3 }), "'min' (0.5) must be a whole number, round it, or make the parameter a 'float'"],
  ['a logarithm begins at zero', () => Parameter.float({ min: 0, max: 1, log: true }), "'min' (0) must be more than 0 where 'log' is set: a logarithm has no zero, raise it, or leave 'log' out"],
  ['a known good value lies outside', () => Parameter.float({ min: 0, max: 1, default: 2 }), "'default' (2) must lie between 'min' (0) and 'max' (1), set a value between them"],
  ['a choice has no values', () => Parameter.categorical([]), "'values' ([]) must hold at least one value, list the choices"],
  ['a choice has a value twice', () => Parameter.categorical(['a', 'a']), "'values' (a) is listed twice, remove one"],
  ['a known good choice is none', () => Parameter.categorical(['a', 'b'], { default: 'c' }), "'default' (c) must be one of a, b, choose one of them"],
])('fails if %s', (_, make, message) => {
  expect(messageOf(make)).toBe(message);
});

test('a default of 0 is a default', () => {
  const { chart, axon, train } = training();
  new RandomSearchTuner(axon, 'tuner', { task: train, trials: 1, budget: 1, space: { alpha: Parameter.float({ min: 0, max: 1, default: 0 }) } });

  expect(documentOf(synthesise(chart), 'digits-study-train').parameters[0].default).toBe(0);
});

test('budgets that do not come out whole are warned about, unless they are rounded', () => {
  const warnings = (roundBudgets: boolean) => {
    const { axon, train } = training();
    new HyperbandTuner(axon, 'tuner', { task: train, minBudget: 1, maxBudget: 10, space: SPACE, roundBudgets });
    return axon.warnings;
  };

  expect(warnings(true)).toEqual([]);
  expect(warnings(false)).toEqual([
    "tuner: 'minBudget' (1) gives trials the budgets 1.111, 3.333, 10, which are anchored on 'maxBudget' (10), " +
    "choose them as powers of 3, or set 'roundBudgets' if the code counts in whole numbers",
  ]);
});

test('a search that stops nothing early is warned about', () => {
  const { axon, train } = training();
  new HyperbandTuner(axon, 'tuner', { task: train, minBudget: 9, maxBudget: 18, space: SPACE });

  expect(axon.warnings).toEqual(["tuner: 'minBudget' (9) leaves one budget below 'maxBudget' (18), so nothing is ever stopped early, lower it to 6 or less"]);
});

test('a tuner that is declared after a synthesis takes over its task', () => {
  const { chart, axon, train } = training();
  const before: Manifest = templateOf(synthesise(chart), 'task-train');
  new RandomSearchTuner(axon, 'tuner', { task: train, trials: 1, budget: 1, space: SPACE });

  expect(before.container.image).toBe('registry.example.org/ml/work:1.0');
  expect(templateOf(synthesise(chart), 'task-train').container.args[0]).toBe('tune');
});
