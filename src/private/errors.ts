import { Fault } from '../validate/fault';
import { withoutCredentials } from '../validate/url';

/**
 * The one form of our messages: what is wrong with which value, by which rule, and what to do.
 *
 * @param prop   the property or key, in the user's words
 * @param got    the offending value
 * @param rule   the rule it breaks, as the rest of a sentence
 * @param remedy what to do instead
 */
export function message(prop: string, got: unknown, rule: string, remedy: string): string {
  return `'${prop}' (${shown(got)}) ${rule}, ${remedy}`;
}

/** An error of that form about one property; loaders read {@link BrokenRule.prop} to find its place in a file. */
export class BrokenRule extends Error {
  constructor(readonly prop: string, readonly got: unknown, readonly rule: string, readonly remedy: string) {
    super(message(prop, got, rule, remedy));
    this.name = 'BrokenRule';
  }
}

/** Builds a {@link BrokenRule}, to be thrown by the caller. */
export function broken(prop: string, got: unknown, rule: string, remedy: string): BrokenRule {
  return new BrokenRule(prop, got, rule, remedy);
}

/** Throws when a value breaks a rule that one of the validators knows. */
export function refuse(prop: string, got: unknown, fault: Fault | undefined): void {
  if (fault !== undefined) {
    throw broken(prop, got, fault.rule, fault.remedy);
  }
}

function shown(value: unknown): string {
  if (typeof value === 'string') {
    return withoutCredentials(value);
  }
  if (typeof value === 'number' || value === undefined) {
    return String(value);
  }
  const text = withoutCredentials(JSON.stringify(value));
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
