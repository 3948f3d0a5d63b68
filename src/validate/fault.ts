/**
 * What is wrong with a value: the rule it breaks, as the rest of a sentence, and what to do instead.
 * The caller knows the prop and the place.
 */
export interface Fault {
  readonly rule: string;
  readonly remedy: string;
}

export function fault(rule: string, remedy: string): Fault {
  return { rule, remedy };
}
