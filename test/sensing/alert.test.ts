import { Duration } from 'cdk8s';
import {
  AlertCondition, AlertRetrainSensor, Axon, ContainerTask, Model, ModelGraph, RetrainGuard, RetrainGuardOptions, Sensor, Trigger,
} from '../../src';
import { digitsLoop, emptyAxon, modelParts, READY, smallLoop } from '../helpers/loop';
import { documentOf, find, Manifest, messageOf, refusals, synthesise, templateOf } from '../helpers/manifests';

function alerting(expression: string, sustained?: Duration, guard?: RetrainGuard) {
  const { chart, axon, task } = smallLoop();
  new Sensor(axon, 'repair', { triggers: [Trigger.alert('bad', AlertCondition.promql(expression), { sustained })], steps: [task], guard });
  return { chart, axon };
}

function guarded(props: RetrainGuardOptions): Manifest {
  return documentOf(synthesise(alerting('up < 1', undefined, RetrainGuard.standard(props)).chart), 'small-axon').sensors[0].guard;
}

test('the accuracy of each version is a ratio of what its counters grew by', () => {
  const [rule] = find(synthesise(digitsLoop().chart), 'PrometheusRule').spec.groups[0].rules;
  const grown = (metric: string) => `sum by (namespace, axon, model, version) (increase(${metric}{namespace="default",axon="digits",model="model"}[300s]))`;

  expect(rule).toEqual({
    alert: 'digits-decayed',
    expr: `${grown('myelin_feedback_correct_total')} / ${grown('myelin_feedback_total')} < 0.9 and ${grown('myelin_feedback_total')} >= 200`,
    for: '5m',
    keep_firing_for: '15m',
    labels: { namespace: 'default', axon: 'digits', sensor: 'decayed' },
    annotations: { summary: 'sensor decayed of axon digits: decayed' },
  });
});

test('Alertmanager posts an alert to its sensor once, and not its end', () => {
  const { route, receivers } = find(synthesise(digitsLoop().chart), 'AlertmanagerConfig').spec;

  expect(route).toMatchObject({
    receiver: 'nobody',
    groupBy: ['alertname', 'axon', 'model', 'namespace', 'version'],
    matchers: [{ name: 'axon', value: 'digits', matchType: '=' }],
    routes: [{ receiver: 'digits-decayed', matchers: [{ name: 'alertname', value: 'digits-decayed', matchType: '=' }], repeatInterval: '1h' }],
  });
  expect(receivers).toEqual([
    { name: 'nobody' },
    { name: 'digits-decayed', webhookConfigs: [{ url: 'http://digits-eventsource-svc.default.svc:12001/alert-decayed-decayed', sendResolved: false, maxAlerts: 1 }] },
  ]);
});

test('a metric that tasks push is asked for by the name it is stored by', () => {
  expect(find(synthesise(alerting('avg_over_time({{valid-auc}}[30m]) < 0.7').chart), 'PrometheusRule').spec.groups[0].rules[0].expr)
    .toBe('avg_over_time(valid__auc_small[30m]) < 0.7');
});

test.each<[Duration | undefined, string, string]>([
  [undefined, '5m', '15m'], [Duration.seconds(0), '0s', '15m'], [Duration.seconds(90), '90s', '15m'], [Duration.hours(2), '2h', '2h'],
])('an alert that is sustained for %s fires on for at least a quarter of an hour', (sustained, wait, keep) => {
  expect(find(synthesise(alerting('up < 1', sustained).chart), 'PrometheusRule').spec.groups[0].rules[0]).toMatchObject({ for: wait, keep_firing_for: keep });
});

test('an alert is repeated no sooner than its guard would let it act', () => {
  const { chart } = alerting('up < 1', undefined, RetrainGuard.standard({ cooldown: Duration.hours(3) }));

  expect(find(synthesise(chart), 'AlertmanagerConfig').spec.route.routes[0].repeatInterval).toBe('3h');
});

test('a sensor with an alert has the standard guard by default', () => {
  expect(documentOf(synthesise(alerting('up < 1').chart), 'small-axon').sensors[0].guard).toEqual({
    cooldownSeconds: 1800, budget: { runs: 5, windowSeconds: 86400, backoff: 2 }, sameData: 'refuse', generations: 'newest',
  });
});

test('a guard can be set', () => {
  expect(guarded({ cooldown: Duration.minutes(1), runs: 1, per: Duration.hours(1), backoff: 1, sameData: true }))
    .toMatchObject({ cooldownSeconds: 60, budget: { runs: 1, windowSeconds: 3600, backoff: 1 }, sameData: 'allow' });
});

test('a guard of a retraining counts for the model that is watched', () => {
  expect(documentOf(synthesise(digitsLoop().chart), 'digits-axon').sensors[0]).toMatchObject({ name: 'decayed', guard: { model: 'model' }, triggers: [{ kind: 'alert', model: 'model' }] });
});

test('a guarded training does not start on data that was trained on, and any other does', () => {
  const objects = synthesise(digitsLoop().chart);
  const whenOf = (sensor: string) => templateOf(objects, sensor).dag.tasks.find(({ name }: Manifest) => name === 'task-train').when;

  expect(whenOf('sensor-start')).toBeUndefined();
  expect(whenOf('sensor-decayed')).toBe("'{{tasks.task-prepare.outputs.parameters.data-hash}}' == '' || "
    + "'{{tasks.task-prepare.outputs.parameters.data-hash}}' != '{{tasks.gate.outputs.parameters.trained-data-hash}}'");
});

test('an axon without alerts has neither rules nor routing nor their port', () => {
  const objects = synthesise(smallLoop().chart);

  expect(objects.map(({ kind }) => kind)).not.toContain('PrometheusRule');
  expect(objects.map(({ kind }) => kind)).not.toContain('AlertmanagerConfig');
  expect(find(objects, 'EventSource').spec.service.ports.map(({ port }: Manifest) => port)).toEqual([12000]);
});

test.each<[string, () => unknown, string]>([
  ['an expression is empty', () => alerting(' '), "'expression' ( ) must not be empty, write a PromQL comparison, as 'avg_over_time({{auc}}[30m]) < 0.7'"],
  ['an expression gives a number', () => alerting('1 + 1'), "'expression' (1 + 1) is a scalar, and a condition must be an instant vector, compare a metric with a number"],
  ['an alert is sustained for a fraction of a second', () => alerting('up < 1', Duration.millis(1500)), "'sustained' (1500 ms) must be whole seconds, round it"],
  ['a guard allows no run', () => RetrainGuard.standard({ runs: 0 }), "'runs' (0) must be a whole number of at least 1, remove the sensor if it must never retrain"],
  ['waits shrink', () => RetrainGuard.standard({ backoff: 0.5 }), "'backoff' (0.5) must be a number of at least 1, use 1 for a cooldown that does not grow"],
  ['a window is shorter than a wait', () => RetrainGuard.standard({ cooldown: Duration.hours(2), per: Duration.hours(1) }),
    "'per' (3600 s) must not be shorter than 'cooldown' (7200 s), swap them or raise 'per'"],
  ['a wait has a fraction of a second', () => RetrainGuard.standard({ cooldown: Duration.millis(1) }), "'cooldown' (1 ms) must be whole seconds, round it"],
])('fails if %s', (_, declare, message) => {
  expect(messageOf(declare)).toBe(message);
});

test.each<[string, (model: ModelGraph) => unknown, string]>([
  ['a window holds no two scrapes', (model) => model.accuracy({ window: Duration.seconds(10) }), "'window' (10 s) must span several scrapes, which are 15 s apart, use at least 30 seconds"],
  ['a window has a fraction of a second', (model) => model.accuracy({ window: Duration.millis(30500) }), "'window' (30500 ms) must be whole seconds, round it"],
  ['an accuracy is taken over nothing', (model) => model.accuracy({ window: Duration.minutes(5), minimumSamples: 0 }), "'minimumSamples' (0) must be a whole number of at least 1, use a few hundred"],
  ['a threshold is a percentage', (model) => model.accuracy({ window: Duration.minutes(5) }).below(90), "'threshold' (90) must be more than 0 and at most 1: an accuracy is a share, write a percentage as a share, for instance 0.9 for 90 %"],
])('fails if %s', (_, declare, message) => {
  expect(messageOf(() => declare(digitsLoop().model))).toBe(message);
});

test('a retraining by an expression that names no model is of the model that it retrains', () => {
  const { chart, axon, model, prepare } = digitsLoop();
  new AlertRetrainSensor(axon, 'drifted', { model, alert: AlertCondition.promql('max by (namespace) (drift) > 0.9'), steps: [prepare] });

  const { guard, triggers } = documentOf(synthesise(chart), 'digits-axon').sensors.find(({ name }: Manifest) => name === 'drifted');
  expect([guard.model, triggers[0].model]).toEqual(['model', 'model']);
});

test('fails if a retraining watches another model than it retrains', () => {
  const { axon, model, prepare, train, serve } = digitsLoop();
  const other = new ModelGraph(axon, 'other', { models: [Model.fromTraining('other', { trainer: train, server: serve })] });

  expect(messageOf(() => new AlertRetrainSensor(axon, 'again', { model, alert: other.accuracy({ window: Duration.minutes(5) }).below(0.5), steps: [prepare] })))
    .toBe("'alert' (other) watches another model graph than 'model' (model), watch the model graph that is retrained");
});

test('fails if a model is watched from another axon', () => {
  const { chart, model } = digitsLoop();
  const other = new Axon(chart, 'other');
  const work = new ContainerTask(other, 'work', { image: READY });
  const when = model.accuracy({ window: Duration.minutes(5) }).below(0.5);

  expect(messageOf(() => new AlertRetrainSensor(other, 'again', { model, alert: when, steps: [work] }))).toBe("'model' (model) belongs to axon 'digits', and the sensor to another axon ('other'), declare both in one axon");
  expect(messageOf(() => new Sensor(other, 'also', { triggers: [Trigger.alert('x', when)], steps: [work] })))
    .toBe("'alert' (model) watches a model graph of axon 'digits', and the sensor belongs to another axon ('other'), declare both in one axon");
});

test.each<[string, string, string]>([
  ['an alert compares nothing', 'up', "'expression' (up) compares nothing, so it fires whenever its series exist, add a comparison such as '< 0.9', without 'bool'"],
  ['an alert fires when data is absent', 'absent(up) > 0',
    "'expression' (absent(up) > 0) asks for what is absent, and missing data is no decay that a retrain could repair, make it an alert of its own"],
])('fails if %s', (_, expression, message) => {
  expect(refusals(alerting(expression).chart)).toEqual([`repair: ${message}`]);
});

test('fails if two sensors would act on one alert', () => {
  const { chart, axon } = alerting('up < 1');
  new Sensor(axon, 'second', { triggers: [Trigger.alert('worse', AlertCondition.promql('up < 1'))], steps: [new ContainerTask(axon, 'other', { image: READY })] });

  expect(refusals(chart)).toEqual(["second: 'alert' (up < 1) is also an alert of sensor 'repair', and both would act on it, remove it from one of them"]);
});

test('fails if the alerts of two sensors join to one name', () => {
  const { chart, axon, task } = smallLoop();
  new Sensor(axon, 'a', { triggers: [Trigger.alert('b-c', AlertCondition.promql('up < 1'))], steps: [task] });
  new Sensor(axon, 'a-b', { triggers: [Trigger.alert('c', AlertCondition.promql('up < 2'))], steps: [task] });

  expect(refusals(chart)).toEqual(["a-b: 'name' (c) gives the alert the name 'small-a-b-c', which is also that of an alert of sensor 'a', rename a trigger or a sensor"]);
});

test('an expression that cannot be read is refused where it is declared', () => {
  const { axon } = emptyAxon();
  const { train } = modelParts(axon);

  expect(messageOf(() => new Sensor(axon, 'x', { triggers: [Trigger.alert('y', AlertCondition.promql('sum(up'))], steps: [train] }))).toMatch(/^'expression' \(sum\(up\) /);
});
