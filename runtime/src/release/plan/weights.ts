import type { RolloutRule } from '../../contract/documents.js';

/** A generation, a whole number from 0 for the newest, and its share in per cent. */
export interface GenerationShare {
  readonly generation: number;
  readonly weight: number;
}

/**
 * Whole numbers in the proportion of the shares that sum to the total, by the largest remainder; of equal remainders the first wins.
 * The shares are at least 0 and one of them is greater.
 */
export function apportion(shares: readonly number[], total = 100): number[] {
  const sum = shares.reduce((all, share) => all + share, 0);
  const whole = shares.map((share) => Math.floor((share * total) / sum));
  // Remainders are compared as whole numbers, because shares are: no rounding decides who is largest.
  const remainders = shares.map((share, index) => ({ index, remainder: (share * total) % sum }));
  remainders.sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  const left = total - whole.reduce((all, part) => all + part, 0);
  for (const { index } of remainders.slice(0, left)) whole[index]! += 1;
  return whole;
}

/**
 * How a rule shares its requests while only `live` generations (at least one) exist: its weights over those, re-normalised.
 * When none of those has a share, what exists of the rule's intent is the oldest generation, next to the missing ones: it gets all.
 */
export function generationShares(rule: RolloutRule, live: number): GenerationShare[] {
  const there = rule.destinations.filter(({ generation, weight }) => generation < live && weight > 0);
  if (there.length === 0) return [{ generation: live - 1, weight: 100 }];
  const weights = apportion(there.map(({ weight }) => weight));
  return there.map(({ generation }, index) => ({ generation, weight: weights[index]! })).filter(({ weight }) => weight > 0);
}

/** The generation that gets copies; undefined when the rule has none, when it does not exist, and when it answers requests anyhow. */
export function shadowGeneration(rule: RolloutRule, live: number): number | undefined {
  const generation = rule.shadow?.generation;
  if (generation === undefined || generation >= live) return undefined;
  return generationShares(rule, live).some((share) => share.generation === generation) ? undefined : generation;
}
