import type { MatchOperator, Selector } from 'cdk8s-myelin/lib/promql/index.js';
import { ExpressionError } from './errors.js';
import { labelOf, type Labels, NAME } from './labels.js';
import { anchored } from './regexp.js';

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

const compiled = new WeakMap<Selector, readonly Matcher[]>();

/** The matchers of a selector, compiled once; its name is one of them. */
export function matchersOf(selector: Selector): readonly Matcher[] {
  let matchers = compiled.get(selector);
  if (matchers === undefined) {
    const named = selector.name === undefined ? [] : [matcherOf(NAME, '=', selector.name)];
    matchers = [...named, ...selector.matchers.map(({ name, operator, value }) => matcherOf(name, operator, value))];
    compiled.set(selector, matchers);
  }
  return matchers;
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
      throw new ExpressionError(`'${String(operator)}' is no operator of a matcher, use =, !=, =~ or !~`);
  }
}
