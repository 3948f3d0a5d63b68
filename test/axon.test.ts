import { App, Chart, Size } from 'cdk8s';
import { Construct } from 'constructs';
import {
  Axon, AxonProps, ContainerTask, Image, Objective, Parameter, Platform, RandomSearchTuner,
  Sensor, Storage, TaskProps, TrainingTask,
} from '../src';
import { parameterNameProblem, reservedAccounts } from '../src/loop/names';
import { importedClaim } from './helpers/imported-claim';
import { digitsLoop, emptyAxon, platformChart, READY, smallLoop } from './helpers/loop';
import { documentOf, find, Manifest, messageOf, refusals, synthesise, templateOf, testChart, toYaml } from './helpers/manifests';
import { secretValue } from './helpers/secret-value';

test('an axon is known by the identifier of its name', () => {
  expect(smallLoop({}, testChart(), 'FraudDetection_v2').axon.identifier).toBe('fraud-detection-v2');
});

test('every object lies in the namespace of the axon, that of its chart, or the default one', () => {
  const namespaces = (props: AxonProps, chart: Chart) => {
    const objects = synthesise(smallLoop(props, chart).chart);
    return [...new Set(objects.map(({ metadata }) => metadata.namespace))];
  };

  expect(namespaces({}, testChart())).toEqual(['default']);
  expect(namespaces({}, testChart({ namespace: 'ml' }))).toEqual(['ml']);
  expect(namespaces({ namespace: 'own' }, testChart({ namespace: 'ml' }))).toEqual(['own']);
});

test('two axons of one chart share nothing that they make', () => {
  const chart = testChart();
  smallLoop({}, chart, 'first');
  smallLoop({}, chart, 'second');

  const names = synthesise(chart).map(({ kind, metadata }) => `${kind} ${metadata.name}`);

  expect(new Set(names).size).toBe(names.length);
});

test('an axon comes out the same beside another one', () => {
  const alone = toYaml(synthesise(smallLoop().chart));
  const chart = testChart();
  digitsLoop({}, chart);
  smallLoop({}, chart);

  expect(toYaml(synthesise(chart).filter(({ metadata }) => metadata.labels['app.kubernetes.io/part-of'] === 'small'))).toBe(alone);
});

test('a second synthesis gives the same', () => {
  const { chart } = digitsLoop();

  expect(toYaml(synthesise(chart))).toBe(toYaml(synthesise(chart)));
});

test('what is declared after a synthesis is part of the next one', () => {
  const { chart, axon } = smallLoop();
  const before = synthesise(chart).length;
  new Sensor(axon, 'later', { steps: [new ContainerTask(axon, 'late', { image: READY })] });
  const objects = synthesise(chart);

  expect(objects).toHaveLength(before + 1);
  expect(templateOf(objects, 'sensor-later')).toBeDefined();
});

test('what is corrected after a refused synthesis is accepted', () => {
  const { chart, axon } = emptyAxon();
  const task = new ContainerTask(axon, 'work', { image: READY });
  expect(refusals(chart)).toEqual(["'sensors' (digits) are none, so nothing would ever run, add a Sensor"]);

  new Sensor(axon, 'start', { steps: [task] });

  expect(refusals(chart)).toEqual([]);
});

test('objects come in the order in which they can be applied', () => {
  const kinds = [...new Set(synthesise(digitsLoop().chart).map(({ kind }) => kind))];

  expect(kinds).toEqual([
    'ServiceAccount', 'Role', 'RoleBinding', 'ConfigMap', 'PersistentVolumeClaim', 'NetworkPolicy', 'Service', 'VirtualService', 'ServiceMonitor',
    'PrometheusRule', 'WorkflowTemplate', 'EventSource', 'Sensor', 'AlertmanagerConfig', 'CronWorkflow', 'Workflow',
  ]);
});

test('a parameter is declared by every run, and can be referred to', () => {
  const { chart, axon } = smallLoop({ parameters: { rows: '10', Mode: '' } });

  expect(axon.parameter('rows').valueAsString).toBe('{{workflow.parameters.rows}}');
  expect(find(synthesise(chart), 'WorkflowTemplate').spec.arguments.parameters)
    .toEqual([{ name: 'delivery', value: '' }, { name: 'event', value: '{}' }, { name: 'Mode', value: '' }, { name: 'rows', value: '10' }]);
});

test('a parameter that is added later is like one of the properties', () => {
  const [{ chart: one, axon }, { chart: other }] = [smallLoop(), smallLoop({ parameters: { rows: '10' } })];

  expect(axon.addParameter('rows', '10').valueAsString).toBe(axon.parameter('rows').valueAsString);
  expect(toYaml(synthesise(one))).toBe(toYaml(synthesise(other)));
});

test('the name of an axon is by default its id', () => {
  expect(new Axon(testChart(), 'FraudCheck')).toMatchObject({ axonName: 'FraudCheck', identifier: 'fraud-check' });
  expect(new Axon(testChart(), 'loop', { axonName: 'FraudCheck' })).toMatchObject({ axonName: 'FraudCheck', identifier: 'fraud-check' });
});

test('an axon is found from every construct in it', () => {
  const { chart, axon, task } = smallLoop();

  expect([axon, task, new Construct(new Construct(task, 'a'), 'b')].map((construct) => Axon.of(construct))).toEqual([axon, axon, axon]);
  expect([axon, task, chart, undefined, 'axon'].map((value) => Axon.isAxon(value))).toEqual([true, false, false, false, false]);
});

test('user code runs under an account of the least permissions, by any name', () => {
  const objects = synthesise(smallLoop({ serviceAccountName: 'ml-task' }).chart);

  expect(find(objects, 'WorkflowTemplate').spec.serviceAccountName).toBe('ml-task');
  expect(find(objects, 'Role', 'ml-task').rules).toEqual([{ apiGroups: ['argoproj.io'], resources: ['workflowtaskresults'], verbs: ['create', 'patch'] }]);
});

test('the accounts that user code must not run under are those of the steps, the servers and the event pods', () => {
  // GIVEN a step of every kind; the end of a failed task needs the step 'emit'
  const { chart, axon, prepare } = digitsLoop();
  new Sensor(axon, 'failed', { triggers: [prepare.failed()], steps: [new ContainerTask(axon, 'report', { image: READY })] });

  // WHEN
  const accounts = synthesise(chart).filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => metadata.name);

  // THEN
  expect(accounts.sort()).toEqual([...reservedAccounts('digits'), 'digits-task'].sort());
});

test.each(['event', 'delivery', 'a.b', '', '1st', '-a'])("'%s' is no name of a parameter", (name) => {
  expect(parameterNameProblem(name)).toBeDefined();
});

test.each(['rows', 'Event', 'events', '_since', 'a-1'])("'%s' is the name of a parameter", (name) => {
  expect(parameterNameProblem(name)).toBeUndefined();
});

test('the runtime image can be another one', () => {
  expect(templateOf(synthesise(smallLoop({ runtimeImage: 'example.org/runtime:1' }).chart), 'gate').container.image).toBe('example.org/runtime:1');
  expect(templateOf(synthesise(smallLoop().chart), 'gate').container.image).toMatch(/^cdk8s-myelin\/runtime:/);
});

test('an axon of the longest name leaves room for its parts', () => {
  const { chart, axon } = emptyAxon({}, testChart(), 'x'.repeat(46));
  new Sensor(axon, 'daily', { steps: [new ContainerTask(axon, 'clean', { image: READY })] });

  expect(refusals(chart)).toEqual([]);
  expect(find(synthesise(chart), 'CronWorkflow').metadata.name).toHaveLength(52);
});

test.each(['{{workflow.name}}', 'a{{b', 'a{', '$(HOME)', 'a$$b', 'a\u0007', 'a\u007f', 'a😀', '<no value>'])('fails if a parameter is %j, which the engines do not hand on as it is', (a) => {
  expect(messageOf(() => new Axon(testChart(), 'x', { parameters: { a } }))).toBe(`'parameters' (a: ${a}) must have no '{{', '$(' or '$$', no '{' at its end, no control characters, none beyond U+FFFF and not be '<no value>', because the engines do not hand them on as they are, write it differently`);
});

test.each<[string, () => unknown, string]>([
  ['the name of an axon is too long', () => new Axon(testChart(), 'x'.repeat(47)),
    `'axonName' (${'x'.repeat(47)}) has 47 characters, and the longest name made of it ('${'x'.repeat(47)}-sweep-0123456789') must fit 63, use at most 46`],
  ['the name of an axon begins with a digit', () => new Axon(testChart(), '2fast'), "'axonName' (2fast) must begin with a letter: axon names become Kubernetes and NATS names, rename it"],
  ['the name of an axon has no letter', () => new Axon(testChart(), '數字'), "'axonName' (數字) must begin with a letter: axon names become Kubernetes and NATS names, rename it"],
  ['the name of a task is too long', () => new ContainerTask(emptyAxon().axon, 'x'.repeat(46), { image: READY }),
    `'taskName' (${'x'.repeat(46)}) has 46 characters, and the longest name made of it ('digits-${'x'.repeat(46)}-0123456789') must fit 63, use at most 45 for a task of axon 'digits', or shorten the axon's name`],
  ['a parameter has a dot', () => new Axon(testChart(), 'x', { parameters: { 'a.b': '' } }), "'parameters' (a.b) must be letters, digits, dashes and underscores, with a letter first, rename it"],
  ['a parameter is one that every run has', () => new Axon(testChart(), 'x', { parameters: { event: '' } }), "'parameters' (event) is a parameter that every run has, rename it"],
  ['an unknown parameter is referred to', () => new Axon(testChart(), 'x').parameter('rows'),
    "'name' (rows) is no parameter of axon 'x', add it to 'parameters', or call 'addParameter' before"],
  ['a misspelt parameter is referred to', () => new Axon(testChart(), 'x', { parameters: { rows: '1' } }).parameter('row'),
    "'name' (row) is no parameter of axon 'x', did you mean 'rows'?"],
  ['a parameter is added twice', () => new Axon(testChart(), 'x', { parameters: { rows: '1' } }).addParameter('rows', '2'),
    "'name' (rows) is the name of another parameter of axon 'x', rename one of them"],
  ['an added parameter has a dot', () => new Axon(testChart(), 'x').addParameter('a.b', ''),
    "'parameters' (a.b) must be letters, digits, dashes and underscores, with a letter first, rename it"],
  ['a construct outside an axon is asked for its axon', () => Axon.of(testChart()),
    "'scope' (test) is outside an axon, create the construct with an 'Axon' as its scope, directly or indirectly"],
  ['the account of user code is that of a step', () => new Axon(testChart(), 'x', { serviceAccountName: 'x-gate' }), "'serviceAccountName' (x-gate) is the account of one of the loop's own steps, with its permissions, use another account"],
  ['a namespace has capitals', () => new Axon(testChart(), 'x', { namespace: 'ML' }), "'namespace' (ML) must consist of letters a-z, digits and '-', and begin and end with a letter or digit, use 'ml'"],
])('fails if %s', (_, declare, message) => {
  expect(messageOf(declare)).toBe(message);
});

describe('a sensor that runs once', () => {
  interface Variant {
    readonly axon?: AxonProps;
    readonly task?: Partial<TaskProps>;
    readonly trials?: number;
    readonly threshold?: number;
  }

  function fingerprint({ axon: axonProps, task: props, trials = 3, threshold = 0.5 }: Variant): string {
    const { chart, axon } = emptyAxon({ parameters: { rows: '10' }, ...axonProps });
    const train = new TrainingTask(axon, 'train', { image: READY, objective: Objective.maximize('accuracy'), env: { ROWS: axon.parameter('rows').valueAsString }, ...props });
    new RandomSearchTuner(axon, 'tuner', { task: train, trials, budget: 1, space: { alpha: Parameter.float({ min: 0, max: 1 }) }, seed: 1 });
    new Sensor(axon, 'start', { steps: [train] });
    new Sensor(axon, 'next', { triggers: [train.succeeded()], conditions: [train.metric('accuracy').above(threshold)], steps: [new ContainerTask(axon, 'report', { image: READY })] });
    return documentOf(synthesise(chart), 'digits-axon').sensors.find(({ name }: Manifest) => name === 'start').once.fingerprint;
  }

  test.each<[string, Variant]>([
    ['its image', { task: { image: Image.fromRegistry('registry.example.org/ml/work:1.1', { command: ['python', 'work.py'] }) } }],
    ['its arguments', { task: { args: ['--fast'] } }],
    ['a variable', { task: { env: { ROWS: '11' } } }],
    ['a parameter that it refers to', { axon: { parameters: { rows: '11' } } }],
    ['a secret', { task: { secretEnv: { X_TOKEN: secretValue('x', 'y') } } }],
    ['what is searched', { trials: 4 }],
  ])('runs again when %s changes', (_, variant) => {
    expect(fingerprint(variant)).not.toBe(fingerprint({}));
  });

  test.each<[string, Variant]>([
    ['a threshold', { threshold: 0.9 }],
    ['resources', { task: { resources: { memory: { limit: Size.gibibytes(1) } } } }],
    ['retries', { task: { retries: 3 } }],
    ['placement', { task: { pod: { nodeSelector: { pool: 'gpu' } } } }],
    ['the metrics that are named', { task: { metrics: ['auc'] } }],
    ['the runtime', { axon: { runtimeImage: 'example.org/runtime:2' } }],
    ['the store', { axon: { storage: Storage.fromClaim(importedClaim('other')) } }],
    ['the account', { axon: { serviceAccountName: 'ml' } }],
    ['a parameter that it does not refer to', { axon: { parameters: { rows: '10', other: '1' } } }],
    ['the namespace', { axon: { namespace: 'ml' } }],
  ])('does not run again when %s changes', (_, variant) => {
    expect(fingerprint(variant)).toBe(fingerprint({}));
  });
});

test("two axons' platforms are the same", () => {
  const [one, other] = ['first', 'second'].map((name) => {
    const chart = testChart();
    const platform = platformChart(chart.node.scope, 'ml');
    smallLoop({ namespace: 'ml' }, chart, name);
    return toYaml(synthesise(platform));
  });

  expect(one).toBe(other);
});

test('fails if the platform lies in another namespace than the axon', () => {
  const chart = new Chart(new App(), 'chart');
  const platform = new Platform(chart, 'platform', { namespace: 'shared' });
  expect(() => new Axon(chart, 'digits', { namespace: 'ml', platform })).toThrow(
    "'platform' (shared) is in another namespace than the axon (ml), which cannot use its event bus, use the platform of the namespace of the axon");
});

test('tells the process what is odd, once a synthesis', () => {
  const emit = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const chart = new Chart(new App(), 'chart');
  const axon = new Axon(chart, 'digits');
  new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'prepare', { image: Image.fromRegistry('images.example.org/prepare') })] });
  chart.toJson();
  chart.toJson();
  expect(emit.mock.calls).toEqual([[`chart/digits: ${axon.warnings[0]}`, { type: 'MyelinWarning' }]]);
  emit.mockRestore();
});
