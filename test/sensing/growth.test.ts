import { Cron, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import {
  AlertCondition, Axon, Condition, ContainerTask, Direction, ICondition, IStep, ITrigger, Model, ModelGraph, Objective, RetrainGuard, Sensor, Step,
  TrainingTask, Trigger,
} from '../../src';
import { digitsLoop, emptyAxon, modelParts, READY, smallLoop } from '../helpers/loop';
import { documentOf, messageOf, synthesise } from '../helpers/manifests';

interface Lists {
  readonly triggers: ITrigger[];
  readonly conditions: ICondition[];
  readonly steps: IStep[];
}

/** An axon with a sensor `grown`, made by a function of its lists. */
function manifestsWith(declare: (axon: Axon, lists: Lists) => void) {
  const { chart, axon, task } = smallLoop();
  const next = new ContainerTask(axon, 'next', { image: READY });
  const last = new ContainerTask(axon, 'last', { image: READY });
  declare(axon, {
    triggers: [task.succeeded(), Trigger.rest('go'), Trigger.alert('low', AlertCondition.promql('up < 1'))],
    conditions: [task.metric('rows').above(1), Condition.promql('up > 0')],
    steps: [Step.parallel(next, last)],
  });
  return synthesise(chart);
}

test('a sensor that grows gives the manifests of one that is declared at once', () => {
  const atOnce = manifestsWith((axon, lists) => new Sensor(axon, 'grown', { ...lists }));

  const grown = manifestsWith((axon, { triggers, conditions, steps }) => {
    const sensor = new Sensor(axon, 'grown');
    steps.forEach((step) => sensor.addStep(step));
    conditions.forEach((condition) => sensor.addCondition(condition));
    triggers.forEach((trigger) => sensor.addTrigger(trigger));
  });

  expect(grown).toEqual(atOnce);
});

test('a sensor grows from the lists that it was given, and those lists stay as they were', () => {
  const { chart, axon, task } = smallLoop();
  const next = new ContainerTask(axon, 'next', { image: READY });
  const steps: IStep[] = [task];
  const sensor = new Sensor(axon, 'grown', { steps });

  sensor.addStep(next);
  steps.length = 0;

  expect(documentOf(synthesise(chart), 'small-axon').sensors[0].runs).toEqual([['work'], ['next']]);
});

test('a sensor still grows after the axon was looked at', () => {
  const { chart, axon, task } = smallLoop();
  const sensor = new Sensor(axon, 'grown', { steps: [task] });
  expect(axon.warnings).toEqual([]);

  sensor.addTrigger(Trigger.rest('go'));

  expect(documentOf(synthesise(chart), 'small-axon').sensors[0].triggers).toEqual([{ kind: 'rest', name: 'go' }]);
});

test('an alert that is added brings the standard guard, and a guard that was given stays', () => {
  const { chart, axon, task } = smallLoop();
  new Sensor(axon, 'bare', { steps: [task] }).addTrigger(Trigger.alert('low', AlertCondition.promql('up < 1')));
  const guard = RetrainGuard.standard({ cooldown: Duration.hours(1) });
  new Sensor(axon, 'guarded', { steps: [task], guard }).addTrigger(Trigger.alert('low', AlertCondition.promql('up < 2')));

  const [bare, guarded] = documentOf(synthesise(chart), 'small-axon').sensors;
  expect([bare.guard.cooldownSeconds, guarded.guard.cooldownSeconds]).toEqual([1800, 3600]);
});

test('a comparison that is added goes in the direction of the objective, of larger values for another metric, or as it says', () => {
  const { chart, axon } = emptyAxon();
  const { serve } = modelParts(axon);
  const loss = new TrainingTask(axon, 'other', { image: READY, objective: Objective.minimize('loss') });
  const model = new ModelGraph(axon, 'model', { models: [Model.fromTraining('digits', { trainer: loss, server: serve })] });
  const sensor = new Sensor(axon, 'shipped', { triggers: [loss.succeeded()] });
  sensor.addCondition(Condition.betterThanLive(model, 'loss'));
  sensor.addCondition(Condition.betterThanLive(model, 'auc'));
  sensor.addCondition(Condition.betterThanLive(model, 'loss', { direction: Direction.MAXIMIZE }));
  sensor.addStep(model.deploy());
  new Sensor(axon, 'again', { steps: [loss] });

  const { conditions } = documentOf(synthesise(chart), 'digits-axon').sensors.find(({ name }: { name: string }) => name === 'shipped');
  expect(conditions.map(({ direction }: { direction: string }) => direction)).toEqual(['minimize', 'maximize', 'maximize']);
});

test('the name of a sensor is its id, unless it has a name', () => {
  const { axon, task } = smallLoop();

  expect(new Sensor(axon, 'NightlyRun', { steps: [task] })).toMatchObject({ sensorName: 'NightlyRun', identifier: 'nightly-run' });
  expect(new Sensor(axon, 'x', { sensorName: 'Weekly', steps: [task] })).toMatchObject({ sensorName: 'Weekly', identifier: 'weekly' });
});

test('sensors of one id in two scopes can have two names', () => {
  const { chart, axon, task } = smallLoop();
  const [left, right] = ['left', 'right'].map((id) => new Construct(axon, id));
  new Sensor(left, 'run', { sensorName: 'left-run', steps: [task] });
  new Sensor(right, 'run', { sensorName: 'right-run', steps: [task] });

  expect(documentOf(synthesise(chart), 'small-axon').sensors.map(({ name }: { name: string }) => name)).toEqual(['left-run', 'right-run', 'start']);
});

test.each<[string, (sensor: Sensor, task: ContainerTask) => unknown, string]>([
  ['a step is added twice', (sensor, task) => sensor.addStep(task), "'steps' (work) is listed twice, and a sensor runs each task and model graph once, remove one"],
  ['a trigger is added twice', (sensor) => sensor.addTrigger(Trigger.rest('go')), "'triggers' (go) is the name of another trigger of the sensor, rename one of them"],
  ['an end of a task is added twice', (sensor, task) => {
    sensor.addTrigger(task.failed().named('broken'));
    sensor.addTrigger(task.failed());
  }, "'triggers' (work-failed) is the same event as the trigger 'broken', remove one of them"],
  ['a step of another axon is added', (sensor) => sensor.addStep(digitsLoop().prepare),
    "'steps' (prepare) belongs to axon 'digits', and the sensor to another axon ('small'), declare both in one axon"],
  ['a condition on a task of another axon is added', (sensor) => sensor.addCondition(digitsLoop().prepare.metric('rows').above(1)),
    "'conditions' (rows of prepare > 1) is on a task of axon 'digits', and the sensor belongs to another axon ('small'), declare both in one axon"],
  ['an expression that is added cannot be read', (sensor) => sensor.addCondition(Condition.promql('up >')),
    "'expression' (up >) is not valid PromQL at column 5, found the end, expected an expression"],
])('fails at once if %s', (_, add, message) => {
  const { axon, task } = smallLoop();
  const sensor = new Sensor(axon, 'grown', { triggers: [Trigger.rest('go')], steps: [task] });

  expect(messageOf(() => add(sensor, task))).toBe(message);
});

test('an addition that is rejected leaves the sensor as it was', () => {
  const { chart, axon, task } = smallLoop();
  const sensor = new Sensor(axon, 'grown', { triggers: [Trigger.every('hour', Duration.hours(1))], steps: [task] });
  expect(() => sensor.addTrigger(Trigger.calendar('hour', { schedule: Cron.daily() }))).toThrow();

  expect(documentOf(synthesise(chart), 'small-axon').sensors[0].triggers).toEqual([{ kind: 'calendar', name: 'hour', schedule: '0 * * * *', timezone: 'Etc/UTC' }]);
});
