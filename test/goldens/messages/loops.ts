import { Duration, Size } from 'cdk8s';
import { PersistentVolumeAccessMode } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import {
  AlertCondition, AlertRetrainSensor, Axon, Backend, Condition, ContainerTask, DataCapture, HeaderMatch, HyperbandTuner,
  HyperbandTunerProps, ICondition, ITrigger, Model, ModelGraph, ModelGraphProps, Objective, Parameter, RandomSearchTuner, RetrainGuard, Rollout,
  RolloutRule, Route, Sensor, SensorProps, Step, Storage, TrainingTask, Trigger,
} from '../../../src';
import { cronOf } from '../../helpers/cron';
import { DigitsLoop, digitsLoop, READY } from '../../helpers/loop';
import { Case } from './recorder';

const SPACE = { rate: Parameter.float({ min: 0, max: 1 }) };

function training({ axon }: DigitsLoop): TrainingTask {
  return new TrainingTask(axon, 'extra', { image: READY, objective: Objective.maximize('auc') });
}

const tuner = (title: string, props: Partial<HyperbandTunerProps>): Case => [title, (loop) => (
  new HyperbandTuner(loop.axon, 'search', { task: training(loop), minBudget: 1, maxBudget: 27, space: SPACE, ...props }))];

export const TUNERS: Case[] = [
  tuner('a budget is 0', { minBudget: 0 }),
  tuner('a budget is infinite', { maxBudget: Infinity }),
  tuner('the smallest budget exceeds the largest', { minBudget: 28 }),
  tuner('eta is 1', { eta: 1 }),
  tuner('budgets have too many steps', { minBudget: 1e-300 }),
  tuner('brackets are half', { brackets: 0.5 }),
  tuner('concurrency is 0', { concurrency: 0 }),
  tuner('a seed is negative', { seed: -1 }),
  tuner('budgets are not whole', { minBudget: 1, maxBudget: 20 }),
  tuner('there is one budget', { minBudget: 20, maxBudget: 27 }),
  tuner('there is nothing to search', { space: {} }),
  tuner('a parameter has a name with a space', { space: { 'a b': SPACE.rate } }),
  tuner('a parameter has the name of an argument of every trial', { space: { budget: SPACE.rate } }),
  tuner('a tuner without a task', { task: undefined }),
  ['a tuner tunes no training task', (loop) => new HyperbandTuner(loop.axon, 'search', { task: loop.prepare as unknown as TrainingTask, minBudget: 1, maxBudget: 27, space: SPACE })],
  ['a task is tuned twice', (loop) => new HyperbandTuner(loop.axon, 'search', { task: loop.train, minBudget: 1, maxBudget: 27, space: SPACE })],
  ['a tuner tunes a task of another axon', (loop) => new HyperbandTuner(loop.axon, 'search', { task: digitsLoop().train, minBudget: 1, maxBudget: 27, space: SPACE })],
  ['a tuned task has no objective', (loop) => new HyperbandTuner(loop.axon, 'search', {
    task: new TrainingTask(loop.axon, 'extra', { image: READY }), minBudget: 1, maxBudget: 27, space: SPACE,
  })],
  ['a tuner gets the same parameter twice', (loop) => new HyperbandTuner(loop.axon, 'search', { task: training(loop), minBudget: 1, maxBudget: 27, space: SPACE })
    .addParameter(Object.keys(SPACE)[0], Parameter.float({ min: 0, max: 1 }))],
  ['a random search has no trials', (loop) => new RandomSearchTuner(loop.axon, 'search', { task: training(loop), trials: 0, budget: 1, space: SPACE })],
  ['a random search has no budget', (loop) => new RandomSearchTuner(loop.axon, 'search', { task: training(loop), trials: 1, budget: 0, space: SPACE })],
  ['a bound is not finite', () => Parameter.float({ min: Number.NaN, max: 1 })],
  ['a bound of a whole number is a fraction', () => Parameter.integer({ min: 0.5, max: 1 })],
  ['the bounds are equal', () => Parameter.float({ min: 1, max: 1 })],
  ['the bounds are swapped', () => Parameter.float({ min: 2, max: 1 })],
  ['a logarithmic parameter begins at 0', () => Parameter.float({ min: 0, max: 1, log: true })],
  ['a default is out of bounds', () => Parameter.integer({ min: 1, max: 4, default: 5 })],
  ['a choice has no values', () => Parameter.categorical([])],
  ['a choice has a value twice', () => Parameter.categorical(['a', 'b', 'a'])],
  ['a default is no choice', () => Parameter.categorical(['a', 'b'], { default: 'c' })],
];

const graph = (title: string, props: (loop: DigitsLoop) => Partial<ModelGraphProps>, name = 'extra'): Case => [title, (loop) => (
  new ModelGraph(loop.axon, name, { models: [Model.fromTraining('extra', { trainer: loop.train, server: loop.serve })], routes: [Route.to('/extra', 'extra')], ...props(loop) }))];
const rule = (title: string, props: Parameters<typeof RolloutRule.split>[0]): Case => [title, () => RolloutRule.split(props)];

export const MODELS: Case[] = [
  graph('a model graph without models', () => ({ models: [] })),
  graph('a model graph of two models', ({ train, serve }) => ({ models: ['a', 'b'].map((name) => Model.fromTraining(name, { trainer: train, server: serve })) })),
  graph('a model graph has no replica', () => ({ replicas: 0 })),
  graph('a model graph keeps half a version', () => ({ revisionHistoryLimit: 0.5 })),
  graph('a model graph keeps fewer versions than its rollout', () => ({ revisionHistoryLimit: 1, rollout: Rollout.generations({ newest: 50 }) })),
  graph('a model graph has tasks of another axon', () => ({ models: [Model.fromTraining('extra', { trainer: digitsLoop().train, server: digitsLoop().serve })] })),
  ['a model graph has the name of a task', ({ axon, train, serve }) => new ModelGraph(new Construct(axon, 'models'), 'train', {
    models: [Model.fromTraining('extra', { trainer: train, server: serve })], routes: [Route.to('/extra', 'extra')],
  })],
  graph('a model graph has the name of another one', () => ({}), 'Model'),
  graph('a route leads to no model', () => ({ routes: [Route.to('/extra', 'extar')] })),
  graph('a path is routed twice', () => ({ routes: [Route.to('/extra', 'extra'), Route.to('/extra/', 'extra')] })),
  graph('there are no routes', () => ({ routes: [] })),
  graph('two model graphs have one path', () => ({ routes: [Route.to('/predict', 'extra')] })),
  graph('a model graph that no sensor deploys', () => ({})),
  ['a path has a query', () => Route.to('/a?b', 'digits')],
  ['a path has dots', () => Route.to('/a/../b', 'digits')],
  ['a called path is relative', () => Route.to('/a', 'digits', { call: 'b' })],
  ['a path is below those of versions', () => Route.to('/versions/1', 'digits')],
  ['a backend has no training', ({ prepare, serve }) => Backend.fromTraining('a', { trainer: prepare as unknown as TrainingTask, server: serve })],
  ['a backend has no server', ({ train }) => Backend.fromTraining('a', { trainer: train, server: train as never })],
  ['a weight is half a percent', ({ train, serve }) => Backend.fromTraining('a', { trainer: train, server: serve, weight: 0.5 })],
  ['a backend has a name with a dot', ({ train, serve }) => Backend.fromTraining('a.b', { trainer: train, server: serve })],
  ['a model is called like the input of joins', ({ train, serve }) => Model.fromTraining('INPUT', { trainer: train, server: serve })],
  ['a model without backends', () => Model.fromBackends('a', { backends: [] })],
  ['two backends have one name', ({ train, serve }) => Model.fromBackends('m', { backends: ['a', 'A'].map((name) => Backend.fromTraining(name, { trainer: train, server: serve, weight: 50 })) })],
  ['backends have no weights', ({ train, serve }) => Model.fromBackends('m', { backends: ['a', 'b'].map((name) => Backend.fromTraining(name, { trainer: train, server: serve })) })],
  ['weights of backends do not sum to 100', ({ train, serve }) => Model.fromBackends('m', { backends: ['a', 'b'].map((name) => Backend.fromTraining(name, { trainer: train, server: serve, weight: 40 })) })],
  ['a capture keeps nothing', () => DataCapture.sampled({ rate: 0 })],
  ['a capture keeps more than all', () => DataCapture.sampled({ rate: 1.1 })],
  ['a capture keeps records for a second', () => DataCapture.all({ retention: Duration.seconds(1) })],
  ['a capture keeps records for a fraction of a second', () => DataCapture.all({ retention: Duration.millis(1500) })],
  ['a dropped field is empty', () => DataCapture.all({ dropFields: [''] })],
  rule('a weight of a rule is a fraction', { weights: [50.5, 49.5] }),
  rule('a weight of a rule is negative', { weights: [-1, 101] }),
  rule('weights of a rule do not sum to 100', { weights: [50, 40] }),
  rule('a shadow is no generation', { weights: [100], shadow: -1 }),
  rule('a shadow has traffic of its own', { weights: [100], shadow: 0 }),
  rule('a header is matched twice', { weights: [100], match: [HeaderMatch.exact('x-a', '1'), HeaderMatch.prefix('x-a', '1')] }),
  ['a rollout without rules', () => Rollout.rules([])],
  ['a rollout leaves requests without an answer', () => Rollout.rules([RolloutRule.split({ weights: [100], match: [HeaderMatch.exact('x-a', '1')] })])],
  ['a rule is never reached', () => Rollout.rules([RolloutRule.split({ weights: [100] }), RolloutRule.split({ weights: [100] })])],
  ['a header has capitals', () => HeaderMatch.exact('X-A', '1')],
  ['a header has an empty value', () => HeaderMatch.prefix('x-a', '')],
  ['a header has a broken expression', () => HeaderMatch.regex('x-a', '(')],
  ['a header has an expression that looks around', () => HeaderMatch.regex('x-a', '(?=a)')],
];

const sensor = (title: string, props: (loop: DigitsLoop) => Partial<SensorProps>, name = 'extra'): Case => [title, (loop) => (
  new Sensor(loop.axon, name, { steps: [loop.prepare], ...props(loop) }))];
const on = (title: string, ...triggers: ((loop: DigitsLoop) => ITrigger)[]): Case => sensor(title, (loop) => ({
  triggers: triggers.map((trigger) => trigger(loop)),
}));
const when = (title: string, condition: (loop: DigitsLoop) => ICondition): Case => sensor(title, (loop) => ({
  triggers: [loop.train.succeeded()], steps: [loop.model.deploy()], conditions: [condition(loop)],
}));
const alert = (title: string, expression: string): Case => on(title, () => Trigger.alert('a', AlertCondition.promql(expression)));
const guard = (title: string, props: Parameters<typeof RetrainGuard.standard>[0]): Case => [title, () => RetrainGuard.standard(props)];
const cron = (title: string, expression: string, timeZone?: string): Case => [title, () => Trigger.calendar('a', { schedule: cronOf(expression), timeZone })];

export const SENSORS: Case[] = [
  sensor('the name of a sensor begins with a digit', () => ({}), '1st'),
  sensor('a sensor has the name of the clean-up', () => ({}), 'sweep'),
  sensor('two sensors become one name', () => ({}), 'Start'),
  sensor('a sensor runs nothing', () => ({ steps: [] })),
  sensor('a sensor runs a task twice', ({ prepare }) => ({ steps: [prepare, prepare] })),
  sensor('a sensor runs a task of another axon', () => ({ steps: [digitsLoop().prepare] })),
  sensor('a sensor takes a parameter that does not exist', () => ({ triggers: [Trigger.rest('call')], callParameters: ['rows'] })),
  sensor('a sensor takes a parameter twice', () => ({ triggers: [Trigger.rest('call')], callParameters: ['rows', 'rows'] })),
  ['a sensor takes a misspelt parameter and has no call', ({ chart }) => {
    const other = new Axon(chart, 'other', { parameters: { rows: '1', since: '2' } });
    new Sensor(other, 'start', { steps: [new ContainerTask(other, 'work', { image: READY })], callParameters: ['row', 'since'] });
  }],
  ['a sensor deploys a model that nothing trains', ({ axon, serve }) => {
    const untrained = new TrainingTask(axon, 'untrained', { image: READY });
    const spare = new ModelGraph(axon, 'spare', { models: [Model.fromTraining('spare', { trainer: untrained, server: serve })], routes: [Route.to('/spare', 'spare')] });
    new Sensor(axon, 'extra', { triggers: [Trigger.rest('call')], steps: [spare.deploy()] });
  }],
  ['a sensor runs tasks side by side on one node', ({ chart }) => {
    const other = new Axon(chart, 'other', { storage: Storage.claim({ size: Size.gibibytes(1), accessMode: PersistentVolumeAccessMode.READ_WRITE_ONCE }) });
    new Sensor(other, 'start', { steps: [Step.parallel(new ContainerTask(other, 'a', { image: READY }), new ContainerTask(other, 'b', { image: READY }))] });
    throw new Error(other.warnings.join('\n'));
  }],
  ['nothing runs side by side', () => Step.parallel()],
  sensor('a sensor causes itself', ({ prepare }) => ({ triggers: [prepare.succeeded()] })),
  ['two sensors cause each other', ({ axon, prepare }) => {
    const other = new ContainerTask(axon, 'other', { image: READY });
    new Sensor(axon, 'there', { triggers: [prepare.succeeded()], steps: [other] });
    new Sensor(axon, 'back', { triggers: [other.failed()], steps: [prepare] });
  }],
  on('a trigger is listed twice', () => Trigger.rest('call'), () => Trigger.rest('call')),
  on('the end of a task is listed twice', ({ prepare }) => prepare.failed(), ({ prepare }) => prepare.failed().named('again')),
  on('a trigger has a name that begins with a digit', () => Trigger.rest('1st')),
  on('the end of a task has a long name', ({ train }) => train.failed().named('x'.repeat(51))),
  on('a sensor has two calendars', () => Trigger.every('a', Duration.hours(1)), () => Trigger.every('b', Duration.hours(2))),
  on('a sensor waits for a task that no sensor runs', ({ axon }) => new ContainerTask(axon, 'idle', { image: READY }).succeeded()),
  on('a sensor waits for a task of another axon', () => digitsLoop().train.succeeded()),
  on('an alert is sustained for a fraction of a second', () => Trigger.alert('a', AlertCondition.promql('up == 0'), { sustained: Duration.millis(1500) })),
  ['two sensors have one alert', ({ axon, prepare }) => ['first', 'second'].forEach((name) => (
    new Sensor(axon, name, { triggers: [Trigger.alert(name, AlertCondition.promql('up == 0'))], steps: [prepare] })))],
  ['two alerts become one name', ({ axon, prepare }) => [['a', 'b-c', '0'], ['a-b', 'c', '1']].forEach(([name, trigger, value]) => (
    new Sensor(axon, name, { triggers: [Trigger.alert(trigger, AlertCondition.promql(`up == ${value}`))], steps: [prepare] })))],
  when('a metric is not published', ({ train }) => train.metric('tset_accuracy').above(1)),
  when('a metric is far from every published one', ({ train }) => train.metric('recall').atMost(1)),
  when('a metric of a task that does not trigger the sensor', ({ prepare }) => prepare.metric('rows').above(1)),
  when('a metric of a task of another axon', () => digitsLoop().train.metric('test_accuracy').below(1)),
  when('a comparison with a live model of another axon', () => Condition.betterThanLive(digitsLoop().model, 'test_accuracy')),
  when('a comparison with the live version by a metric that is not published', ({ model }) => Condition.betterThanLive(model, 'auc')),
  when('a comparison with the live version has a negative margin', ({ model }) => Condition.betterThanLive(model, 'test_accuracy', { margin: -1 })),
  ['an alert of another axon', ({ axon, prepare, model }) => new AlertRetrainSensor(axon, 'extra', {
    model, alert: digitsLoop().model.accuracy({ window: Duration.hours(1) }).below(0.5), steps: [prepare],
  })],
  ['a model of another axon is retrained', ({ axon, prepare, model }) => new AlertRetrainSensor(axon, 'extra', {
    model: digitsLoop().model, alert: model.accuracy({ window: Duration.hours(1) }).below(0.5), steps: [prepare],
  })],
  ['an alert is about another model than is retrained', ({ axon, train, serve, prepare, model }) => {
    const spare = new ModelGraph(axon, 'spare', { models: [Model.fromTraining('spare', { trainer: train, server: serve })], routes: [Route.to('/spare', 'spare')] });
    return new AlertRetrainSensor(axon, 'extra', { model: spare, alert: model.accuracy({ window: Duration.hours(1) }).below(0.5), steps: [prepare] });
  }],
  ['an accuracy has a short window', ({ model }) => model.accuracy({ window: Duration.seconds(15) })],
  ['an accuracy has a window of a fraction', ({ model }) => model.accuracy({ window: Duration.millis(40_500) })],
  ['an accuracy needs no samples', ({ model }) => model.accuracy({ window: Duration.hours(1), minimumSamples: 0 })],
  ['an accuracy is compared with 90', ({ model }) => model.accuracy({ window: Duration.hours(1) }).below(90)],
  guard('a guard allows no run', { runs: 0 }),
  guard('a guard shortens waits', { backoff: 0.5 }),
  guard('the window of a guard is shorter than its cooldown', { cooldown: Duration.hours(2), per: Duration.hours(1) }),
  guard('the cooldown of a guard is a fraction of a second', { cooldown: Duration.millis(100) }),
];

export const SCHEDULES: Case[] = [
  cron('a schedule is a known macro', '@daily'),
  cron('a schedule is an unknown macro', '@often'),
  cron('a schedule carries a time zone', 'TZ=UTC 0 3 * * *'),
  cron('a schedule is empty', ''),
  cron('a schedule has one field', '5'),
  cron('a schedule has seconds', '0 0 3 * * *'),
  cron('a schedule has a question mark', '0 3 ? * *'),
  cron('a schedule has a last day', '0 3 L * *'),
  cron('a schedule has a stray sign', '0 3 * * mon!'),
  cron('a schedule has a step of 0', '*/0 * * * *'),
  cron('a schedule has a step without a range', '5/10 * * * *'),
  cron('a schedule has a minute of 60', '60 * * * *'),
  cron('a schedule has an unknown weekday', '0 3 * * fun'),
  cron('a schedule has a weekday of 7', '0 3 * * 7'),
  cron('a schedule has a month of 13', '0 3 1 13 *'),
  cron('a schedule runs backwards', '50-10 * * * *'),
  cron('a schedule never fires', '0 3 31 2 *'),
  cron('a time zone is an offset', '0 3 * * *', '+02:00'),
  cron('a time zone is misspelt', '0 3 * * *', 'Europe/Berln'),
  cron('a time zone has other capitals', '0 3 * * *', 'europe/paris'),
  cron('a time zone is a city', '0 3 * * *', 'Paris'),
  cron('a time zone is unknown', '0 3 * * *', 'Middle Earth'),
  ['an interval does not divide an hour', () => Trigger.every('a', Duration.minutes(7))],
  ['an interval does not divide a day', () => Trigger.every('a', Duration.hours(5))],
];

export const EXPRESSIONS: Case[] = [
  alert('an alert has an empty expression', ' '),
  alert('an alert is a scalar', '1'),
  alert('an alert is a range', 'up[5m]'),
  alert('an alert compares nothing', 'up'),
  alert('an alert compares with bool', 'up == bool 1'),
  alert('an alert asks for what is absent', 'absent(up) == 1'),
  alert('an alert has a syntax error', 'up ==\n = 1'),
  alert('an alert has an unknown function', 'raet(up[5m]) > 1'),
  alert('an alert has a wrong type', 'rate(up) > 1'),
  alert('an alert has an empty placeholder', '{{}} > 1'),
  alert('an alert has a placeholder that is no metric', '{{a b}} > 1'),
  alert('an alert has a placeholder within a name', 'a{{auc}} > 1'),
  alert('an alert has a placeholder in labels', 'up{job={{auc}}} > 1'),
  alert('an alert has a placeholder that does not close', '{{auc > 1'),
  when('a condition has an empty expression', () => Condition.promql('')),
  when('a condition is a scalar', () => Condition.promql('1 + 1')),
  when('a condition has a syntax error', () => Condition.promql('up >')),
  when('a condition has unknown braces', () => Condition.promql('{{a b}} > 1')),
  when('a condition has a bad selector', () => Condition.promql('{a=""} > 1')),
  when('a condition has a bad regular expression', () => Condition.promql('a{b=~"("} > 1')),
];
