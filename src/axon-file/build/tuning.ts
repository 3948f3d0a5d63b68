import { TrainingTask } from '../../task/training-task';
import { HyperbandTuner } from '../../tuning/hyperband-tuner';
import { Parameter } from '../../tuning/parameter';
import { RandomSearchTuner } from '../../tuning/random-search-tuner';
import { Tuner } from '../../tuning/tuner';
import { TuningKeys, TuningParameterKeys } from '../schema/tuning-shape';
import { Builder } from './builder';
import { podOptions } from './values';

const ROOM = 'tuners';

/** Creates the tuner of a training task; undefined when its keys are wrong, which has been reported. */
export function buildTuner(tuning: TuningKeys, task: TrainingTask, builder: Builder): Tuner | undefined {
  const { optimiser, concurrency, maxBudget, seed, pod, $ } = tuning;
  const space = buildSpace(tuning.params, builder);
  if (optimiser === undefined || concurrency === undefined || maxBudget === undefined || space === undefined) {
    return undefined;
  }
  const words = { trials: 'numIteration', brackets: 'numIteration', budget: 'maxBudget', space: 'params' };
  const origin = { keys: $, words };
  const id = task.taskName;
  const common = { task, space, concurrency: concurrency.value, seed: seed?.value, pod: podOptions(pod) };
  if (optimiser.value === 'RandomSearch') {
    const trials = randomTrials(tuning, builder);
    return trials === undefined ? undefined : builder.attemptPart(origin, ROOM, id, (scope) => (
      new RandomSearchTuner(scope, id, { ...common, trials, budget: maxBudget.value })));
  }
  const { minBudget, numIteration, roundBudgets } = tuning;
  if (minBudget === undefined) {
    if (!$.has('minBudget')) {
      builder.report.error($.place, 'required', 'minBudget', 'nothing', `is required by ${optimiser.value}`, 'add it');
    }
    return undefined;
  }
  const budgets = { minBudget: minBudget.value, maxBudget: maxBudget.value, roundBudgets: roundBudgets?.value };
  const props = { ...common, ...budgets, brackets: numIteration?.value };
  return builder.attemptPart(origin, ROOM, id, (scope) => new HyperbandTuner(scope, id, props));
}

/** The number of trials of a random search, which has no brackets and no small budgets. */
function randomTrials({ numIteration, minBudget, maxBudget, roundBudgets, $ }: TuningKeys, { report }: Builder): number | undefined {
  if (numIteration === undefined && !$.has('numIteration')) {
    report.error($.place, 'required', 'numIteration', 'nothing', 'is required by RandomSearch: it is the number of trials', 'add it');
  }
  if (minBudget !== undefined && minBudget.value !== maxBudget?.value) {
    report.warning(minBudget.place, 'unused', 'minBudget', minBudget.value, "is not used by RandomSearch, which gives each trial 'maxBudget'", 'leave it out');
  }
  if (roundBudgets !== undefined) {
    report.warning(roundBudgets.place, 'unused', 'roundBudgets', roundBudgets.value, 'is not used by RandomSearch', 'leave it out');
  }
  return numIteration?.value;
}

function buildSpace(params: TuningParameterKeys[] | undefined, builder: Builder): Record<string, Parameter> | undefined {
  if (params === undefined) {
    return undefined;
  }
  const space = new Map<string, Parameter>();
  let whole = true;
  for (const keys of params) {
    const { name } = keys;
    const parameter = buildParameter(keys, builder);
    if (name !== undefined && space.has(name.value)) {
      builder.report.error(name.place, 'duplicate', 'name', name.value, 'is the name of another parameter', 'rename one of them');
    }
    if (name !== undefined && parameter !== undefined) {
      space.set(name.value, parameter);
    }
    whole &&= name !== undefined && parameter !== undefined;
  }
  return whole ? Object.fromEntries(space) : undefined;
}

function buildParameter({ type, categorical, numerical, $ }: TuningParameterKeys, builder: Builder): Parameter | undefined {
  if (type === undefined) {
    return undefined;
  }
  const [needed, other] = type.value === 'Categorical' ? ['categorical', 'numerical'] : ['numerical', 'categorical'];
  if ($.has(other)) {
    builder.report.error($.at(other), 'key-of-other-type', other, 'a map', `is not for a ${type.value}`, `write '${needed}'`);
  }
  if (!$.has(needed)) {
    builder.report.error($.place, 'required', needed, 'nothing', `is required by a ${type.value}`, 'add it');
    return undefined;
  }
  if (type.value === 'Categorical') {
    const { values, default_value: start } = categorical ?? {};
    const words = { default: 'default_value' };
    return values && builder.attempt({ keys: categorical!.$, words }, () => (
      Parameter.categorical(values.map(({ value }) => value), { default: start?.value })));
  }
  const { lower, upper, log, default_value: start } = numerical ?? {};
  if (lower === undefined || upper === undefined) {
    return undefined;
  }
  const props = { min: lower.value, max: upper.value, log: log?.value, default: start?.value };
  return builder.attempt({ keys: numerical!.$, words: { min: 'lower', max: 'upper', default: 'default_value' } }, () => (
    type.value === 'UniformInteger' ? Parameter.integer(props) : Parameter.float(props)));
}
