import { pod } from './pod-shape';
import { list, may, must, Read, section } from './section';
import { flag, integer, number, oneOf, text } from './shape';

const tuningParameter = section('a parameter to tune', {
  name: must(text(), 'Its name. A trial gets it as --NAME=VALUE.'),
  type: must(oneOf('Categorical', 'UniformInteger', 'UniformFloat'), 'What its values are.'),
  categorical: may(section('a categorical parameter', {
    values: must(list('a value', text()), 'The choices.'),
    default_value: may(text(), 'A choice known to be good.'),
  }), 'The choices of a Categorical.'),
  numerical: may(section('a numerical parameter', {
    lower: must(number(), 'The smallest value.'),
    upper: must(number(), 'The largest value.'),
    default_value: may(number(), 'A value known to be good.'),
    log: may(flag(), 'Search evenly over orders of magnitude.'),
  }), 'The bounds of a UniformInteger or UniformFloat.'),
});

export const hpTuning = section('a tuning', {
  optimiser: must(oneOf('HyperBand', 'BOHB', 'RandomSearch'), 'How to search.'),
  concurrency: must(integer(), 'How many trials run at the same time.'),
  minBudget: may(number(), 'The least resource that says anything about a trial, for instance epochs.'),
  maxBudget: must(number(), 'The resource of a full training.'),
  numIteration: may(integer(), 'How many brackets to run; with RandomSearch, how many trials.'),
  roundBudgets: may(flag(), 'Round budgets to whole numbers, for code that counts.'),
  seed: may(integer(), 'Seed of the search.'),
  pod: may(pod, 'Options of the pods of its trials, besides those of the task.'),
  params: must(list('a parameter to tune', tuningParameter), 'The parameters to search.'),
});

export type TuningKeys = Read<typeof hpTuning>;
export type TuningParameterKeys = Read<typeof tuningParameter>;
