import { isAbsent, substitute, type Scope } from './substitute.js';
import type { Arguments, Parameter, Template } from './types.js';

/** The values of arguments; null where one is the output of a task that never ran. */
export function argumentsOf({ parameters = [] }: Arguments = {}, scope: Scope): Scope {
  return new Map(parameters.map(({ name, value }) => [name, isAbsent(value, scope) ? null : substitute(String(value), scope)]));
}

/** The values of a template's inputs: those given, else its own. */
export function inputsOf(template: Template, given: Scope, globals: Scope): Parameter[] {
  return (template.inputs?.parameters ?? []).map(({ name, value, default: fallback }) => {
    const own = value ?? fallback;
    const chosen = given.get(name) ?? (own === undefined ? undefined : substitute(String(own), globals));
    if (chosen !== undefined) return { name, value: chosen };
    throw new Error(given.get(name) === null ? `inputs.parameters.${name}: argument references an absent optional (skipped/omitted node output with no default)`
      : `inputs.parameters.${name} was not supplied`);
  });
}
