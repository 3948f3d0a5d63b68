import { trialKey, type Outcomes, type Plan, type Rung, type Search, type Trial } from './algorithm.js';
import type { RungShape } from './brackets.js';
import { uniform } from './random-generator.js';
import { defaultPoint, pointOf } from './space.js';

/** A member of a rung: its number in the bracket, and its loss there once it succeeded. */
interface Member {
  readonly number: number;
  readonly loss: number | undefined;
}

/** A rung as far as it has come. */
interface Level extends Rung {
  readonly members: readonly Member[];
  readonly ended: boolean;
}

/**
 * Brackets of successive halving, side by side: all of a rung is tried, then the best of it go on with more budget. A bracket waits for
 * the last trial of a rung, but other brackets do not wait for it: their trials come later in the list and fill the room meanwhile.
 */
export function successiveHalving(search: Search, brackets: readonly (readonly RungShape[])[], outcomes: Outcomes): Plan {
  const levels = brackets.map((shapes, bracket) => levelsOf(shapes, bracket, outcomes));
  const all = levels.flat();
  const winner = best(all);
  return {
    trials: { [Symbol.iterator]: () => trialsOf(search, all) },
    rungs: all.map(({ bracket, rung, budget, configs, succeeded, failed }) => ({ bracket, rung, budget, configs, succeeded, failed })),
    over: levels.every((bracket) => bracket.at(-1)!.ended),
    ...(winner && { winner: trialOf(search, winner.level, winner.member.number) }),
  };
}

/** The rungs of a bracket that have begun: each after the first holds the best of the one before, which has ended. */
function levelsOf(shapes: readonly RungShape[], bracket: number, outcomes: Outcomes): Level[] {
  const levels: Level[] = [];
  let numbers = Array.from({ length: shapes[0]!.size }, (_, number) => number);
  for (const [rung, { budget, size }] of shapes.entries()) {
    const level = levelOf(bracket, rung, budget, numbers.slice(0, size), outcomes);
    levels.push(level);
    numbers = ranked(level.members).map(({ number }) => number);
    if (!level.ended || numbers.length === 0) break;
  }
  return levels;
}

function levelOf(bracket: number, rung: number, budget: number, numbers: readonly number[], outcomes: Outcomes): Level {
  const configs = numbers.map((number) => configId(bracket, number));
  const members: Member[] = [];
  let failed = 0;
  for (const [place, number] of numbers.entries()) {
    const outcome = outcomes.get(trialKey(configs[place]!, rung));
    if (outcome === 'failed') failed++;
    else members.push({ number, loss: outcome?.loss });
  }
  const succeeded = members.filter(({ loss }) => loss !== undefined).length;
  return { bracket, rung, budget, configs, succeeded, failed, members, ended: succeeded + failed === configs.length };
}

/** Those that succeeded, best first; of equal ones the one drawn first. */
function ranked(members: readonly Member[]): Member[] {
  return members.filter(({ loss }) => loss !== undefined).sort((a, b) => a.loss! - b.loss! || a.number - b.number);
}

/** The least loss at the largest budget that has one; of equal ones that of the earliest bracket, and there the one drawn first. */
function best(levels: readonly Level[]): { level: Level; member: Member } | undefined {
  let winner: { level: Level; member: Member } | undefined;
  for (const level of levels) {
    const member = ranked(level.members)[0];
    if (member === undefined) continue;
    const better = winner === undefined || level.budget > winner.level.budget
      || (level.budget === winner.level.budget && member.loss! < winner.member.loss!);
    if (better) winner = { level, member };
  }
  return winner;
}

function* trialsOf(search: Search, levels: readonly Level[]): Generator<Trial> {
  for (const level of levels) {
    for (const config of level.configs) yield trialOf(search, level, numberOf(config));
  }
}

function trialOf(search: Search, { bracket, rung, budget }: Level, number: number): Trial {
  const draw = (place: number) => uniform(search.seed, place, number, bracket);
  // What the user believes in is tried first of all.
  const point = bracket === 0 && number === 0 ? defaultPoint : pointOf;
  return { config: configId(bracket, number), bracket, rung, budget, parameters: point(search.parameters, draw) };
}

/** All configurations are drawn at the first rung. */
function configId(bracket: number, number: number): string {
  return `${bracket}_0_${number}`;
}

function numberOf(config: string): number {
  return Number(config.slice(config.lastIndexOf('_') + 1));
}
