import { HyperbandTuner, HyperbandTunerProps, Objective, Parameter, RandomSearchTuner, Sensor, TrainingTask } from '../../src';
import { emptyAxon, READY } from '../helpers/loop';
import { documentOf, messageOf, refusals, synthesise } from '../helpers/manifests';

const RATE = Parameter.float({ min: 0.001, max: 1, log: true });
const LAYERS = Parameter.integer({ min: 1, max: 8 });

function tuned(props: Partial<HyperbandTunerProps> = {}) {
  const { chart, axon } = emptyAxon();
  const task = new TrainingTask(axon, 'train', { image: READY, objective: Objective.minimize('loss') });
  new Sensor(axon, 'start', { steps: [task] });
  return { chart, axon, task, tuner: new HyperbandTuner(axon, 'tuner', { task, minBudget: 1, maxBudget: 9, ...props }) };
}

test('a tuner that grows gives the study of one that is declared at once, in any order', () => {
  const atOnce = tuned({ space: { rate: RATE, layers: LAYERS } });
  const { chart, tuner } = tuned();
  tuner.addParameter('rate', RATE);
  tuner.addParameter('layers', LAYERS);

  expect(synthesise(chart)).toEqual(synthesise(atOnce.chart));
});

test('a tuner grows from the space that it was given, and that map stays as it was', () => {
  const space = { rate: RATE };
  const { chart, tuner } = tuned({ space });
  tuner.addParameter('layers', LAYERS);

  expect(documentOf(synthesise(chart), 'digits-study-train').parameters.map(({ name }: { name: string }) => name)).toEqual(['layers', 'rate']);
  expect(Object.keys(space)).toEqual(['rate']);
});

test('a tuner of a random search grows, too', () => {
  const { chart, axon } = emptyAxon();
  const task = new TrainingTask(axon, 'train', { image: READY, objective: Objective.minimize('loss') });
  new Sensor(axon, 'start', { steps: [task] });
  new RandomSearchTuner(axon, 'tuner', { task, trials: 3, budget: 1 }).addParameter('rate', RATE);

  expect(documentOf(synthesise(chart), 'digits-study-train').parameters).toHaveLength(1);
});

test('fails at synthesis if a tuner has no parameter', () => {
  expect(refusals(tuned().chart)).toEqual(["tuner: 'space' ({}) must hold at least one parameter, call 'addParameter', or remove the tuner"]);
});

test.each<[string, string, string]>([
  ['has the name of another one', 'rate', "'name' (rate) is the name of another parameter of the tuner, rename one of them"],
  ['begins with a digit', '1st', "'name' (1st) must be the name of an argument: letters, digits, dashes, dots and underscores, no digit first, at most 128, rename it"],
  ['is an argument of every trial', 'budget', "'name' (budget) is an argument that every trial gets, rename it"],
])('fails if a parameter that is added %s, and the tuner stays as it was', (_, name, message) => {
  const { chart, tuner } = tuned({ space: { rate: RATE } });

  expect(messageOf(() => tuner.addParameter(name, LAYERS))).toBe(message);
  expect(documentOf(synthesise(chart), 'digits-study-train').parameters).toHaveLength(1);
});
