import { Duration } from 'cdk8s';
import { AlertCondition, AlertRetrainSensor, AlertRetrainSensorProps, Axon, Condition, ContainerTask, RetrainGuard, Sensor, Trigger } from '../../src';
import { DigitsLoop, digitsLoop, READY } from '../helpers/loop';
import { documentOf, Manifest, messageOf, refusals, synthesise } from '../helpers/manifests';

const DRIFT = AlertCondition.promql('max by (namespace) (drift) > 0.9');

function drifted({ axon, model, prepare }: DigitsLoop, props: Partial<AlertRetrainSensorProps> = {}, id: string = 'drifted'): AlertRetrainSensor {
  return new AlertRetrainSensor(axon, id, { model, alert: DRIFT, steps: [prepare], ...props });
}

function sensorOf({ chart }: DigitsLoop, sensor: string): Manifest {
  return documentOf(synthesise(chart), 'digits-axon').sensors.find(({ name }: Manifest) => name === sensor);
}

test('an alert-retrain sensor contains a sensor, and is none', () => {
  const made = drifted(digitsLoop());

  expect(made).not.toBeInstanceOf(Sensor);
  expect(made.node.children).toEqual([made.sensor]);
  expect(made.node.defaultChild).toBe(made.sensor);
});

test('it gives the manifests of a sensor with the alert of its name', () => {
  const composed = digitsLoop();
  const written = digitsLoop();
  const low = ({ model }: DigitsLoop) => model.accuracy({ window: Duration.hours(2) }).below(0.5);

  new AlertRetrainSensor(composed.axon, 'Worse', { model: composed.model, alert: low(composed), steps: [composed.prepare], sustained: Duration.minutes(1) });
  new Sensor(written.axon, 'Worse', { triggers: [Trigger.alert('Worse', low(written), { sustained: Duration.minutes(1) })], steps: [written.prepare] });

  expect(synthesise(composed.chart)).toEqual(synthesise(written.chart));
});

test('its name is its id, unless it has a name', () => {
  const loop = digitsLoop();

  expect(drifted(loop).sensorName).toBe('drifted');
  const renamed = drifted(loop, { sensorName: 'Renamed', alert: AlertCondition.promql('up < 1') }, 'x');
  expect([renamed.sensorName, renamed.identifier]).toEqual(['Renamed', 'renamed']);
  expect(sensorOf(loop, 'renamed').triggers[0]).toMatchObject({ name: 'renamed', alert: 'digits-renamed' });
});

test('it has conditions, and its sensor grows', () => {
  const loop = digitsLoop();
  const made = drifted(loop, { conditions: [Condition.promql('up > 0')], steps: undefined });

  made.sensor.addCondition(Condition.promql('up > 1'));
  made.sensor.addStep(loop.prepare);
  made.sensor.addStep(loop.train);

  const { conditions, runs } = sensorOf(loop, 'drifted');
  expect(conditions.map(({ expression }: Manifest) => expression)).toEqual(['up > 0', 'up > 1']);
  expect(runs).toEqual([['prepare'], ['train']]);
});

test('it has the standard guard unless it is given one', () => {
  const [standard, own] = [digitsLoop(), digitsLoop()];
  drifted(standard);
  drifted(own, { guard: RetrainGuard.standard({ runs: 1 }) });

  expect([standard, own].map((loop) => sensorOf(loop, 'drifted').guard.budget.runs)).toEqual([5, 1]);
});

test('an expression that names no model counts for the model that is retrained', () => {
  const loop = digitsLoop();
  drifted(loop);

  const { guard, triggers } = sensorOf(loop, 'drifted');
  expect([guard.model, triggers[0].model]).toEqual(['model', 'model']);
});

test.each<[string, (loop: DigitsLoop) => unknown, string[]]>([
  ['it has no step', (loop) => drifted(loop, { steps: [] }), ["drifted: 'steps' ([]) must hold at least one step, set 'steps' or call 'addStep'"]],
  ['its alert is that of another sensor', (loop) => [drifted(loop), drifted(loop, {}, 'second')],
    ["second: 'alert' (max by (namespace) (drift) > 0.9) is also an alert of sensor 'drifted', and both would act on it, remove it from one of them"]],
  ['its alert compares nothing', (loop) => drifted(loop, { alert: AlertCondition.promql('up') }),
    ["drifted: 'expression' (up) compares nothing, so it fires whenever its series exist, add a comparison such as '< 0.9', without 'bool'"]],
  ['a condition has an unknown metric', (loop) => drifted(loop, { conditions: [loop.train.metric('recall').above(1)] }),
    ["drifted: 'conditions' (recall) is no metric of task 'train', so the condition would never be met, use one of test_accuracy, validation_accuracy"]],
])('problems carry the path of the construct and its properties: %s', (_, declare, messages) => {
  const loop = digitsLoop();
  declare(loop);

  expect(refusals(loop.chart)).toEqual(messages);
});

test.each<[string, (loop: DigitsLoop) => unknown, string]>([
  ['its name begins with a digit', (loop) => drifted(loop, {}, '1st'), "'sensorName' (1st) must begin with a letter: sensor names become Kubernetes and NATS names, rename it"],
  ['its name is that of another sensor', (loop) => drifted(loop, { sensorName: 'Start' }),
    "'sensorName' (Start) becomes 'start', and so does the sensor 'start' of axon 'digits', set another 'sensorName'"],
  ['a step belongs to another axon', (loop) => drifted(loop, { steps: [new ContainerTask(new Axon(loop.chart, 'other'), 'work', { image: READY })] }),
    "'steps' (work) belongs to axon 'other', and the sensor to another axon ('digits'), declare both in one axon"],
  ['its alert watches a model graph of another axon', (loop) => drifted(loop, { alert: digitsLoop().model.accuracy({ window: Duration.hours(1) }).below(0.5) }),
    "'alert' (model) watches a model graph of axon 'digits', and the sensor belongs to another axon ('digits'), declare both in one axon"],
])('fails at once if %s', (_, declare, message) => {
  expect(messageOf(() => declare(digitsLoop()))).toBe(message);
});
