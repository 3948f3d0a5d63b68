import { isReservedVariable } from '../../contract/names';
import { phrase } from '../../problem/phrase';
import { detail, error, Problem, ProblemDetail, warning } from '../../problem/problem';
import { mutableImageProblem } from '../../validate/image';
import { ContainerData } from '../container';
import { Loop } from '../loop';
import { environmentProblems, referenceProblems } from './environment';
import { resourceProblems } from './placement';

/** Checks what tasks and model servers have in common. */
export function containerProblems(loop: Loop, container: ContainerData): Problem[] {
  const { path, args = [], env, resources = {} } = container;
  return [
    ...imageProblems(loop, container),
    ...environmentProblems(path, env, loop.parameters),
    ...secretProblems(container),
    ...args.flatMap((text, item) => referenceProblems(path, 'args', item, text, loop.parameters)),
    ...resourceProblems(path, resources),
  ];
}

function imageProblems({ platform }: Loop, { path, image: { reference, recipe } }: ContainerData): Problem[] {
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

function secretProblems({ path, env, secretEnv }: ContainerData): Problem[] {
  return Object.keys(secretEnv).filter((name) => isReservedVariable(name) || Object.hasOwn(env, name))
    .map((name) => error(path, 'duplicate', 'secretEnv', name, 'is set twice', 'use another name', { item: name }));
}
