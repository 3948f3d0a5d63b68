import { isReservedVariable } from '../../contract/names';
import { either, phrase } from '../../problem/phrase';
import { detail, error, Problem, ProblemDetail, warning } from '../../problem/problem';
import { mutableImageProblem } from '../../validate/image';
import { suggest } from '../../validate/suggest';
import { Loop } from '../loop';
import { ObjectiveData, TaskData } from '../task';
import { environmentProblems, referenceProblems } from './environment';
import { nodeSelectorProblems, resourceProblems } from './placement';

/** Checks one task against the whole loop. */
export function taskProblems(loop: Loop, task: TaskData): Problem[] {
  const { path, args = [], env, resources = {}, nodeSelector = {} } = task;
  return [
    ...imageProblems(loop, task),
    ...environmentProblems(path, env, loop.parameters),
    ...secretProblems(task),
    ...args.flatMap((text, item) => referenceProblems(path, 'args', item, text, loop.parameters)),
    ...resourceProblems(path, resources),
    ...nodeSelectorProblems(path, nodeSelector),
    ...inputProblems(loop, task),
    ...(task.kind === 'training' ? objectiveProblems(task) : []),
  ];
}

function imageProblems({ platform }: Loop, { path, image: { reference, recipe } }: TaskData): Problem[] {
  if (recipe !== undefined && recipe.source === undefined) {
    return [error(path, 'required', 'image', recipe.dockerfile ?? recipe.context, 'is built, but neither it nor the axon has a source',
      phrase`give the axon a 'source'`)];
  }
  const found = recipe === undefined ? mutableImageProblem(reference) : platform.builder === undefined ? movingSource(recipe.source!) : undefined;
  return found === undefined ? [] : [warning(path, found.code, 'image', reference, found.rule, found.remedy)];
}

function movingSource({ pinned, revision }: { readonly pinned: boolean; readonly revision: string }): ProblemDetail | undefined {
  return pinned ? undefined : detail('image-mutable', `is built elsewhere from '${revision}', which can move: what runs would depend on when it was built`,
    'pin a commit');
}

function secretProblems({ path, env, secretEnv }: TaskData): Problem[] {
  return Object.keys(secretEnv).filter((name) => isReservedVariable(name) || Object.hasOwn(env, name))
    .map((name) => error(path, 'duplicate', 'secretEnv', name, 'is set twice', 'use another name', { item: name }));
}

function inputProblems({ tasks }: Loop, { path, identifier, inputs = [] }: TaskData): Problem[] {
  if (inputs.length === 0) {
    return [];
  }
  const others = tasks.filter((other) => other.kind !== 'deploy' && other.identifier !== identifier);
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
