import { LABEL } from '../../contract/constants';
import { either, phrase } from '../../problem/phrase';
import { detail, error, Problem, ProblemDetail, warning } from '../../problem/problem';
import { suggest } from '../../validate/suggest';
import { Loop } from '../loop';
import { ObjectiveData, TaskData } from '../task';
import { containerProblems } from './container';
import { podProblems } from './pod/pod';

/** Checks one task against the whole loop. */
export function taskProblems(loop: Loop, task: TaskData): Problem[] {
  return [
    ...containerProblems(loop, task),
    ...podProblems(task.pod, { path: task.path, prop: 'pod', general: loop.pod, labels: [LABEL.SIDECAR] }),
    ...inputProblems(loop, task),
    ...(task.kind === 'training' ? objectiveProblems(task) : []),
  ];
}

function inputProblems({ tasks }: Loop, { path, identifier, inputs = [] }: TaskData): Problem[] {
  if (inputs.length === 0) {
    return [];
  }
  const others = tasks.filter((other) => other.identifier !== identifier);
  const known = others.map((other) => other.identifier);
  return inputs.flatMap((input, item) => {
    const found = others.some((other) => other.identifier === input.identifier && (input.path === undefined || input.path === other.path));
    return found ? [] : [error(path, 'not-found', 'inputs', input.identifier, 'is no other task of the axon that leaves a folder',
      suggest(input.identifier, known), { item })];
  });
}

function objectiveProblems({ path, objective, metrics }: TaskData): Problem[] {
  const contradiction = objective && directionProblem(objective);
  const found = contradiction ? [warning(path, contradiction.code, 'objective', objective.metric, contradiction.rule, contradiction.remedy)] : [];
  if (objective === undefined && metrics?.length === 0) {
    found.push(warning(path, 'no-metrics', 'metrics', [], 'is empty, so nothing can be said about how good a training is', 'name what the code publishes'));
  }
  return found;
}

const LARGER_IS_BETTER = /(^|_|-)(acc|accuracy|auc|auroc|f1|f_?score|r2|precision|recall|map|ndcg|bleu|rouge|iou|dice|score|reward|likelihood)(_|-|$)/i;
const SMALLER_IS_BETTER = /(^|_|-)(loss|error|err|rmse|mse|mae|mape|perplexity|fid|wer|cer|nll|regret|brier|entropy|divergence)(_|-|$)/i;

/** Finds a direction that contradicts the metric's name. */
function directionProblem({ metric, direction }: ObjectiveData): ProblemDetail | undefined {
  if (direction === 'maximize' && SMALLER_IS_BETTER.test(metric)) {
    return detail('objective-direction', 'is maximized, but its name reads as smaller is better',
      phrase`${either('minimize it', "remove 'lossMetricSelector'")} or rename it`);
  }
  if (direction === 'minimize' && LARGER_IS_BETTER.test(metric) && !SMALLER_IS_BETTER.test(metric)) {
    return detail('objective-direction', 'is minimized, but its name reads as larger is better',
      phrase`${either('maximize it', "add 'lossMetricSelector: greater'")} or rename it`);
  }
  return undefined;
}
