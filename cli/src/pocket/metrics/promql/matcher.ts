import { ExpressionFault } from './faults.js';
import { labelOf, type Labels } from './labels.js';
import { anchored } from './regexp.js';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** One condition on a label. */
export interface Matcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
  matches(value: string): boolean;
}

/** Fails on a regular expression that Go's engine or ours does not know. */
export function matcherOf(name: string, operator: MatchOperator, value: string): Matcher {
  return { name, operator, value, matches: test(operator, value) };
}

export function matchesAll(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every((matcher) => matcher.matches(labelOf(labels, matcher.name)));
}

/** Whether the matchers together let a series without any label pass: Prometheus refuses such a selector. */
export function selectsAll(matchers: readonly Matcher[]): boolean {
  return matchers.every((matcher) => matcher.matches(''));
}

function test(operator: MatchOperator, value: string): (text: string) => boolean {
  switch (operator) {
    case '=':
      return (text) => text === value;
    case '!=':
      return (text) => text !== value;
    case '=~':
    case '!~': {
      const pattern = anchored(value);
      return (text) => pattern.test(text) === (operator === '=~');
    }
    default:
      throw new ExpressionFault(`'${String(operator)}' is no operator of a matcher, use =, !=, =~ or !~`);
  }
}
