import { pod } from './pod-shape';
import { list, may, must, Read, section } from './section';
import { flag, integer, number, oneOf, text, withoutWord } from './shape';

const tuningParameter = section('a parameter to tune', {
  name: must(text(), 'Its name. A trial gets its value as the argument --NAME=VALUE.'),
  type: must(oneOf('Categorical', 'UniformInteger', 'UniformFloat'), 'What its values are.'),
  categorical: may(section('a categorical parameter', {
    values: must(list('a value', text()), 'The choices.'),
    default_value: may(text(), 'A choice that is known to be good.'),
  }), 'The choices of a Categorical.'),
  numerical: may(section('a numerical parameter', {
    lower: must(number(), 'The smallest value.'),
    upper: must(number(), 'The largest value.'),
    default_value: may(number(), 'A value that is known to be good.'),
    log: may(flag(), 'Whether values are drawn evenly on a logarithmic scale.'),
  }), 'The bounds of a UniformInteger or UniformFloat.'),
});

export const hpTuning = section('a tuning', {
  optimiser: must(withoutWord(oneOf('HyperBand', 'RandomSearch'), 'BOHB', 'use HyperBand, which takes the same keys'), 'The search algorithm.'),
  concurrency: must(integer(), 'How many trials run at the same time.'),
  minBudget: may(number(), 'The smallest budget of a trial, for instance in epochs. Not for RandomSearch.'),
  maxBudget: must(number(), 'The budget of a full training.'),
  numIteration: may(integer(), 'How many brackets to run; with RandomSearch, how many trials.'),
  roundBudgets: may(flag(), 'Whether budgets are rounded to whole numbers.'),
  seed: may(integer(), 'Seed of the search.'),
  pod: may(pod, 'Options of the pods of its trials, besides those of the task.'),
  params: must(list('a parameter to tune', tuningParameter), 'The hyperparameters to search.'),
});

export type TuningKeys = Read<typeof hpTuning>;
export type TuningParameterKeys = Read<typeof tuningParameter>;
