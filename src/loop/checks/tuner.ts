import { LABEL } from '../../contract/constants';
import { rungBudgets } from '../../contract/rung-budgets';
import { either, phrase, prop } from '../../problem/phrase';
import { error, Problem, warning } from '../../problem/problem';
import { Loop, taskOf } from '../loop';
import { mergedPods } from '../pod';
import { TunerData } from '../tuner';
import { podProblems } from './pod/pod';

/** Checks one search against the whole loop. */
export function tunerProblems(loop: Loop, tuner: TunerData): Problem[] {
  const { path, search, space } = tuner;
  const task = taskOf(loop, tuner.task)!;
  return [
    ...podProblems(tuner.pod, { path, prop: 'pod', general: mergedPods(loop.pod, task.pod), labels: [LABEL.SIDECAR] }),
    ...(space.length === 0 ? [error(path, 'empty', 'space', '{}', 'must hold at least one parameter',
      either("call 'addParameter', or remove the tuner", "add one, or remove 'hpTuning'"))] : []),
    ...(task.objective === undefined
      ? [error(path, 'objective-missing', 'task', task.userName, 'has no objective, so its trials cannot be compared',
        "set the task's 'objective', for instance to 'Objective.minimize(metric)'")]
      : []),
    ...(search.algorithm === 'random' ? [] : budgetProblems(tuner)),
  ];
}

function budgetProblems({ path, search }: TunerData): Problem[] {
  const { min, max, eta, round } = search.budgets;
  const budgets = rungBudgets(search.budgets);
  const found: Problem[] = [];
  if (!round && Number.isInteger(min) && budgets.some((budget) => !Number.isInteger(budget))) {
    found.push(warning(path, 'fractional-budgets', 'minBudget', min,
      phrase`gives trials the budgets ${budgets.map((budget) => Number(budget.toPrecision(4))).join(', ')}, which are anchored on ${prop('maxBudget')} (${max})`,
      phrase`choose them as powers of ${eta}, or set ${prop('roundBudgets')} if the code counts in whole numbers`));
  }
  if (budgets.length === 1) {
    found.push(warning(path, 'few-budgets', 'minBudget', min, phrase`leaves one budget below ${prop('maxBudget')} (${max}), so nothing is ever stopped early`,
      `lower it to ${max / eta} or less`));
  }
  return found;
}
