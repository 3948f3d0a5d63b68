import { readFileSync } from 'fs';
import { join } from 'path';
import {
  AlertCondition, Axon, Condition, ContainerTask, Direction, Model, ModelGraph, Objective, RetrainGuard, Sensor, TrainingTask, Trigger,
} from '../../src';
import { digitsLoop, emptyAxon, modelParts, READY, smallLoop } from '../helpers/loop';
import { documentOf, find, Manifest, messageOf, refusals, synthesise, templateOf } from '../helpers/manifests';

const RECORDED: { parameter: string; sensors: { default: string; template: string }[] } = JSON.parse(
  readFileSync(join(__dirname, '../../contract/fixtures/call-parameters.json'), 'utf8'));

function sensorOf(objects: Manifest[], name: string): Manifest {
  return objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.endsWith('-axon'))
    && documentOf(objects, 'small-axon').sensors.find((sensor: Manifest) => sensor.name === name);
}

function triggersOf(objects: Manifest[], part: string): Manifest[] {
  return find(objects, 'Sensor').spec.triggers.map(({ template }: Manifest) => template).filter(({ name }: Manifest) => name.startsWith(`${part}--`));
}

test('a sensor without triggers is a Workflow that says what it runs and is never cleaned away', () => {
  const objects = synthesise(smallLoop().chart);
  const { once } = sensorOf(objects, 'start');
  const { metadata, spec } = find(objects, 'Workflow');

  expect(metadata.name).toBe(`small-start-${once.fingerprint}`);
  expect(spec).not.toHaveProperty('ttlStrategy');
  expect(JSON.parse(spec.arguments.parameters[0].value)).toMatchObject({ kind: 'once', sensor: 'start', fingerprint: once.fingerprint });
});

test('a call is an event with its own path and token, and starts a run named after it', () => {
  const { chart, axon, task } = smallLoop();
  new Sensor(axon, 'call', { triggers: [Trigger.rest('NewData')], steps: [task] });
  const objects = synthesise(chart);
  const [trigger] = triggersOf(objects, 'call');

  expect(find(objects, 'EventSource').spec.webhook['rest-new-data'])
    .toEqual({ port: '12000', endpoint: '/rest-new-data', method: 'POST', authSecret: { name: 'myelin-webhook-token', key: 'token' }, maxPayloadSize: 32768 });
  expect(trigger).toMatchObject({ name: 'call--rest-new-data', conditions: 'rest-new-data', k8s: { operation: 'patch' } });
  expect(trigger.k8s.source.resource).toMatchObject({
    kind: 'Workflow', metadata: { name: 'small-call-', namespace: 'default' }, spec: { entrypoint: 'sensor-call', workflowTemplateRef: { name: 'small' } },
  });
});

test('a call may set the parameters that its sensor names, and no others', () => {
  const { chart, axon, task } = smallLoop({ parameters: { rows: '10', columns: '3' } });
  new Sensor(axon, 'call', { triggers: [Trigger.rest('data')], steps: [task], callParameters: ['rows'] });
  const [trigger] = triggersOf(synthesise(chart), 'call');

  expect(trigger.k8s.source.resource.spec.arguments.parameters.map(({ name }: Manifest) => name)).toEqual(['event', 'delivery', 'rows']);
  expect(trigger.k8s.parameters.slice(3)).toEqual([{
    src: { dependencyName: 'rest-data', dataTemplate: expect.stringContaining('index $of "rows"'), value: '' }, dest: 'spec.arguments.parameters.2.value',
  }]);
});

test.each(RECORDED.sensors)("what is read of a call is what was tried with Argo Events, where the default is '$default'", ({ default: fallback, template }) => {
  const { chart, axon, task } = smallLoop({ parameters: { [RECORDED.parameter]: fallback } });
  new Sensor(axon, 'call', { triggers: [Trigger.rest('data')], steps: [task], callParameters: [RECORDED.parameter] });
  const [trigger] = triggersOf(synthesise(chart), 'call');

  expect(trigger.k8s.parameters[3].src.dataTemplate).toBe(template);
});

test('an AND of several triggers starts a run for each of them, and the gate decides', () => {
  const { chart, axon, task } = smallLoop();
  new Sensor(axon, 'both', { triggers: [task.succeeded().named('Prepared'), Trigger.rest('go')], steps: [new ContainerTask(axon, 'next', { image: READY })] });
  const objects = synthesise(chart);

  expect(triggersOf(objects, 'both').map(({ conditions }) => conditions)).toEqual(['rest-go', 'task-work-succeeded']);
  expect(sensorOf(objects, 'both').triggers).toEqual([{ kind: 'task', name: 'prepared', task: 'work', phase: 'succeeded' }, { kind: 'rest', name: 'go' }]);
});

test('two sensors that wait for one call share its event', () => {
  const { chart, axon, task } = smallLoop();
  for (const name of ['a', 'b']) {
    new Sensor(axon, name, { triggers: [Trigger.rest('go')], steps: [task] });
  }
  const objects = synthesise(chart);

  expect(Object.keys(find(objects, 'EventSource').spec.webhook)).toEqual(['rest-go', 'sweep']);
  expect(find(objects, 'Sensor').spec.dependencies).toHaveLength(2);
  expect([...triggersOf(objects, 'a'), ...triggersOf(objects, 'b')]).toHaveLength(2);
});

test('a delivery of which no run could be named is no event, and neither is the end of an alert', () => {
  const { dependencies } = find(synthesise(digitsLoop().chart), 'Sensor').spec;
  const filtersOf = ({ filters }: Manifest) => filters?.data.map(({ path, value }: Manifest) => [path, ...value]);
  const needs = Object.fromEntries(dependencies.map((dependency: Manifest) => [dependency.name, filtersOf(dependency)]));

  expect(needs).toEqual({
    'alert-decayed-decayed': [['body.status', '^firing$'], ['body.alerts.0.fingerprint', '^[0-9a-f]+$'], ['body.alerts.0.startsAt', '^[0-9]']],
    'sweep': undefined,
    'task-train-succeeded': [['body.id', '^[0-9a-f]{16}$']],
  });
});

test('alerts start no more runs in a minute than their groups can send', () => {
  const { triggers } = find(synthesise(digitsLoop().chart), 'Sensor').spec;

  expect(triggers.map(({ template, rateLimit }: Manifest) => [template.conditions, rateLimit])).toEqual([
    ['alert-decayed-decayed', { unit: 'Minute', requestsPerUnit: 30 }], ['sweep', undefined], ['task-train-succeeded', undefined],
  ]);
});

test('every kind of condition reaches the gate, with stored metric names', () => {
  const { chart, axon } = emptyAxon();
  const { train, serve } = modelParts(axon);
  const model = new ModelGraph(axon, 'model', { models: [Model.fromTraining('digits', { trainer: train, server: serve })] });
  new Sensor(axon, 'trained', {
    triggers: [train.succeeded()],
    conditions: [
      train.metric('accuracy').above(0.5), train.metric('accuracy').atLeast(0), train.metric('auc').below(1), train.metric('auc').atMost(-1),
      Condition.betterThanLive(model, 'accuracy'), Condition.betterThanLive(model, 'auc', { margin: 0.1, direction: Direction.MINIMIZE }), Condition.promql('{{drift}} < 1'),
    ],
    steps: [model.deploy()],
  });

  expect(documentOf(synthesise(chart), 'digits-axon').sensors[1].conditions).toEqual([
    { kind: 'metric', task: 'train', metric: 'accuracy', operator: '>', threshold: 0.5 },
    { kind: 'metric', task: 'train', metric: 'accuracy', operator: '>=', threshold: 0 },
    { kind: 'metric', task: 'train', metric: 'auc', operator: '<', threshold: 1 },
    { kind: 'metric', task: 'train', metric: 'auc', operator: '<=', threshold: -1 },
    { kind: 'betterThanLive', model: 'model', metric: 'accuracy', direction: 'maximize', margin: 0 },
    { kind: 'betterThanLive', model: 'model', metric: 'auc', direction: 'minimize', margin: 0.1 },
    { kind: 'promql', expression: 'drift_digits < 1' },
  ]);
});

test('a comparison with the live version goes the way of the objective', () => {
  const { chart, axon } = emptyAxon();
  const { serve } = modelParts(axon);
  const trainer = new TrainingTask(axon, 'other', { image: READY, objective: Objective.minimize('loss') });
  const model = new ModelGraph(axon, 'model', { models: [Model.fromTraining('digits', { trainer, server: serve })] });
  new Sensor(axon, 'again', { steps: [trainer] });
  new Sensor(axon, 'trained', { triggers: [trainer.succeeded()], conditions: [Condition.betterThanLive(model, 'loss')], steps: [model.deploy()] });

  expect(documentOf(synthesise(chart), 'digits-axon').sensors[2].conditions[0].direction).toBe('minimize');
});

test('steps run in order, and what depends on a refused run is left out', () => {
  const tasks = templateOf(synthesise(digitsLoop().chart), 'sensor-start').dag.tasks;

  expect(tasks.map(({ name, depends, when }: Manifest) => [name, depends, when])).toEqual([
    ['gate', undefined, undefined],
    ['build-prepare', 'gate.Succeeded', "'{{tasks.gate.outputs.parameters.decision}}' == 'pass'"],
    ['build-train', 'gate.Succeeded', "'{{tasks.gate.outputs.parameters.decision}}' == 'pass'"],
    ['task-prepare', 'build-prepare.Succeeded', undefined],
    ['task-train', 'task-prepare.Succeeded && build-train.Succeeded', undefined],
  ]);
});

test.each<[string, (axon: Axon, task: ContainerTask) => unknown, string]>([
  ['a task runs twice in one run', (axon, task) => new Sensor(axon, 's', { steps: [task, task] }), "'steps' (work) is listed twice, and a sensor runs each task and model graph once, remove one"],
  ['two triggers have one name', (axon, task) => new Sensor(axon, 's', { triggers: [Trigger.rest('a'), Trigger.rest('A')], steps: [task] }), "'triggers' (a) is the name of another trigger of the sensor, rename one of them"],
  ['one end of a task is listed under two names', (axon, task) => new Sensor(axon, 's', { triggers: [task.failed(), task.failed().named('broken')], steps: [task] }),
    "'triggers' (broken) is the same event as the trigger 'work-failed', remove one of them"],
  ['a parameter is listed twice', (axon, task) => new Sensor(axon, 's', { triggers: [Trigger.rest('a')], steps: [task], callParameters: ['x', 'x'] }), "'callParameters' (x) is listed twice, remove one"],
  ['a trigger begins with a digit', () => Trigger.rest('5pm'), "'name' (5pm) must begin with a letter and have at most 50 letters, digits and dashes, rename the trigger"],
  ['a trigger is too long', () => Trigger.rest('x'.repeat(51)), `'name' (${'x'.repeat(51)}) must begin with a letter and have at most 50 letters, digits and dashes, rename the trigger`],
  ['the end of a task is named by nothing', (_axon, task) => task.succeeded().named('..'), "'name' (..) must begin with a letter and have at most 50 letters, digits and dashes, rename the trigger"],
  ['a threshold is no number', (_axon, task) => task.metric('auc').above(Number.NaN), "'threshold' (NaN) must be a finite number, give the value that 'auc' is compared with"],
  ['a margin is negative', (axon) => Condition.betterThanLive(axon as unknown as ModelGraph, 'auc', { margin: -1 }), "'margin' (-1) must be a number of at least 0, raise it, or remove it"],
  ['a condition asks for a number', (axon, task) => new Sensor(axon, 's', { triggers: [Trigger.rest('a')], conditions: [Condition.promql('1')], steps: [task] }),
    "'expression' (1) is a scalar, and a condition must be an instant vector, compare a metric with a number"],
  ['two sensors have one name', (axon, task) => new Sensor(axon, 'Start', { steps: [task] }), "'sensorName' (Start) becomes 'start', and so does the sensor 'start' of axon 'small', set another 'sensorName'"],
  ['two tasks have one name', (axon) => new ContainerTask(axon, 'Work', { image: READY }), "'taskName' (Work) becomes 'work', and so does the task 'work' of axon 'small', set another 'taskName'"],
])('fails if %s', (_, declare, message) => {
  const { axon, task } = smallLoop();
  expect(messageOf(() => declare(axon, task))).toBe(message);
});

test('fails if a sensor refers to the parts of another axon, even of the same name', () => {
  const { axon, task } = smallLoop();
  const { axon: there, train, model, prepare } = digitsLoop();
  new ContainerTask(there, 'work', { image: READY });
  const declared = [
    () => new Sensor(axon, 'a', { steps: [prepare] }),
    () => new Sensor(axon, 'b', { triggers: [train.succeeded()], steps: [task] }),
    () => new Sensor(axon, 'c', { triggers: [Trigger.rest('x')], conditions: [train.metric('test_accuracy').above(1)], steps: [task] }),
    () => new Sensor(axon, 'd', { triggers: [Trigger.rest('x')], conditions: [Condition.betterThanLive(model, 'x')], steps: [task] }),
    () => new Sensor(axon, 'e', { triggers: [Trigger.rest('x')], steps: [model.deploy()] }),
  ];

  expect(declared.map(messageOf)).toEqual([
    "'steps' (prepare) belongs to axon 'digits', and the sensor to another axon ('small'), declare both in one axon",
    "'triggers' (train) is a task of axon 'digits', and the sensor belongs to another axon ('small'), declare both in one axon",
    "'conditions' (test_accuracy of train > 1) is on a task of axon 'digits', and the sensor belongs to another axon ('small'), declare both in one axon",
    "'conditions' (model) is a model graph of axon 'digits', and the sensor belongs to another axon ('small'), declare both in one axon",
    "'steps' (model) belongs to axon 'digits', and the sensor to another axon ('small'), declare both in one axon",
  ]);
});

test.each<[string, (axon: Axon, task: ContainerTask) => unknown, string]>([
  ['a sensor has no step', (axon) => new Sensor(axon, 's'), "s: 'steps' ([]) must hold at least one step, set 'steps' or call 'addStep'"],
  ['a sensor is called sweep', (axon, task) => new Sensor(axon, 'Sweep', { steps: [task] }), "Sweep: 'sensorName' (Sweep) is the name of the loop's own clean-up runs, set another 'sensorName'"],
  ['a trigger is the end of a task that no sensor runs', (axon, task) => new Sensor(axon, 's', { triggers: [new ContainerTask(axon, 'Idle', { image: READY }).succeeded()], steps: [task] }),
    "s: 'triggers' (Idle) is a task that no sensor runs, so the trigger never fires, run the task in a sensor"],
  ['a parameter is misspelt', (axon, task) => new Sensor(axon, 's', { triggers: [Trigger.rest('a')], steps: [task], callParameters: ['row'] }), "s: 'callParameters' (row) is no parameter of the axon, did you mean 'rows'?"],
  ['a sensor has parameters and no REST trigger', (axon, task) => new Sensor(axon, 's', { steps: [task], callParameters: ['rows'] }),
    "s: 'callParameters' (rows) are set by REST calls, but the sensor has no REST trigger, add a 'Trigger.rest(…)', or remove 'callParameters'"],
  ['a metric is misspelt', (axon, task) => {
    const judged = new ContainerTask(axon, 'judged', { image: READY, metrics: ['accuracy', 'auc'] });
    new Sensor(axon, 'judge', { steps: [judged] });
    new Sensor(axon, 's', { triggers: [judged.succeeded()], conditions: [judged.metric('acuracy').above(1)], steps: [task] });
  }, "s: 'conditions' (acuracy) is no metric of task 'judged', so the condition would never be met, did you mean 'accuracy'?"],
  ['a sensor triggers itself', (axon, task) => new Sensor(axon, 's', { triggers: [task.succeeded()], steps: [task] }),
    "s: 'triggers' (s -> s) is a cycle without a guard, and each run triggers the next, give one of its sensors a 'guard', or remove a trigger"],
])('fails if %s', (_, declare, message) => {
  const { chart, axon, task } = smallLoop({ parameters: { rows: '1' } });
  declare(axon, task);
  expect(refusals(chart)).toEqual([message]);
});

test('fails if sensors trigger each other in a cycle, and reports it once with all names', () => {
  const { chart, axon, task } = smallLoop();
  const [b, c] = ['b', 'c'].map((name) => new ContainerTask(axon, name, { image: READY }));
  new Sensor(axon, 'First', { triggers: [c.succeeded()], steps: [b] });
  new Sensor(axon, 'second', { triggers: [b.failed()], steps: [c] });
  new Sensor(axon, 'beside', { triggers: [b.succeeded()], steps: [task] });

  expect(refusals(chart)).toEqual(["First: 'triggers' (First -> second -> First) is a cycle without a guard, and each run triggers the next, give one of its sensors a 'guard', or remove a trigger"]);
});

test('one guard anywhere in a cycle is enough', () => {
  const { chart, axon } = smallLoop();
  const [b, c] = ['b', 'c'].map((name) => new ContainerTask(axon, name, { image: READY }));
  new Sensor(axon, 'first', { triggers: [c.succeeded()], steps: [b], guard: RetrainGuard.standard({ sameData: true }) });
  new Sensor(axon, 'second', { triggers: [b.succeeded()], steps: [c] });

  expect(refusals(chart)).toEqual([]);
});

test('fails if a model is deployed and no sensor runs its training', () => {
  const { chart, axon } = emptyAxon();
  const { serve } = modelParts(axon);
  const trainer = new TrainingTask(axon, 'idle', { image: READY });
  const model = new ModelGraph(axon, 'model', { models: [Model.fromTraining('digits', { trainer, server: serve })] });
  new Sensor(axon, 'now', { steps: [model.deploy()] });

  expect(refusals(chart)).toEqual(["now: 'steps' (model) serves what 'idle' trains, and no sensor runs that task, run the task in a sensor"]);
});

test('warns about a condition on a task that does not trigger the sensor', () => {
  const { axon, task } = smallLoop();
  new Sensor(axon, 's', { triggers: [Trigger.rest('a')], conditions: [task.metric('auc').above(1)], steps: [new ContainerTask(axon, 'next', { image: READY })] });

  expect(axon.warnings).toEqual([
    "s: 'conditions' (auc) is of task 'work', which does not trigger this sensor, so its latest run counts, add the end of the task to 'triggers' if the triggering run is meant",
  ]);
});

test('reports all errors at once', () => {
  const { chart, axon, task } = smallLoop();
  new ContainerTask(axon, 'wrong', { image: READY, env: { HOME: '/root' }, args: ['{{x}}'] });
  new Sensor(axon, 'sweep', { triggers: [Trigger.alert('up', AlertCondition.promql('up'))], steps: [task] });

  expect(refusals(chart).map((message) => message.split(' ')[0])).toEqual(['wrong:', 'wrong:', 'sweep:', 'sweep:']);
});
