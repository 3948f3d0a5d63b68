import { Depends } from './depends.js';
import type { DagTask, Template, WorkflowSpec } from './types.js';

/**
 * What is wrong with a Workflow before it begins, in the words of Argo's validator: only what its entrypoint and its exit handler reach is looked
 * at, and of tags only whether there is such a value of the Workflow or of the template's inputs.
 */
export function invalidity(spec: WorkflowSpec): string | undefined {
  const missing = (spec.arguments?.parameters ?? []).find(({ value, default: fallback }) => value === undefined && fallback === undefined);
  if (missing !== undefined) return `spec.arguments.${missing.name}.value or spec.arguments.${missing.name}.valueFrom is required`;
  if (!spec.entrypoint) return 'spec.entrypoint is required';
  const given = new Set((spec.arguments?.parameters ?? []).map(({ name }) => name));
  const seen = new Set<string>();
  for (const name of [spec.entrypoint, spec.onExit, spec.hooks?.exit?.template]) {
    const found = name === undefined ? undefined : template(spec, name, name === spec.entrypoint ? given : undefined, '', seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @param given names of the arguments it gets; all that it needs when absent */
function template(spec: WorkflowSpec, name: string, given: ReadonlySet<string> | undefined, path: string, seen: Set<string>): string | undefined {
  const found = spec.templates?.find((each) => each.name === name);
  if (found === undefined) return `${path}template name '${name}' undefined`;
  const needed = (found.inputs?.parameters ?? []).find(({ name: input, value, default: fallback }) =>
    value === undefined && fallback === undefined && given !== undefined && !given.has(input));
  if (needed !== undefined) return `${path}templates.${name} inputs.parameters.${needed.name} was not supplied`;
  if (seen.has(name)) return undefined;
  seen.add(name);
  return found.dag === undefined ? tags(spec, found) : tasks(spec, found, seen);
}

function tasks(spec: WorkflowSpec, { name, dag }: Template, seen: Set<string>): string | undefined {
  const path = `templates.${name}`;
  const order = unsorted(dag!.tasks);
  if (order !== undefined) return `${path} sorting failed: ${order}`;
  for (const task of dag!.tasks) {
    const given = new Set((task.arguments?.parameters ?? []).map((parameter) => parameter.name));
    const found = template(spec, task.template, given, `${path}.tasks.${task.name} `, seen)
      ?? (task.hooks?.exit && template(spec, task.hooks.exit.template, undefined, `${path}.tasks.${task.name} `, seen));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Why tasks have no order, if so. */
function unsorted(all: readonly DagTask[]): string | undefined {
  const before = new Map(all.map((task) => [task.name, Depends.of(task)?.tasks ?? []]));
  const unknown = [...before.values()].flat().find((name) => !before.has(name));
  if (unknown !== undefined) return `invalid dependency ${unknown}`;
  const done = new Set<string>();
  for (let left = [...before]; left.length > 0;) {
    const next = left.filter(([, names]) => !names.every((name) => done.has(name)));
    if (next.length === left.length) return 'graph with cycle';
    for (const [name] of left) if (!next.some(([other]) => other === name)) done.add(name);
    left = next;
  }
  return undefined;
}

const OF_WORKFLOW = /^workflow\.(name|namespace|uid|mainEntrypoint|serviceAccountName|status|failures|duration|priority|scheduledTime|creationTimestamp(\..+)?|(parameters|labels|annotations)(\..+)?|outputs\..+)$/;

function tags(spec: WorkflowSpec, { name, inputs, container }: Template): string | undefined {
  const given = new Set((inputs?.parameters ?? []).map((parameter) => parameter.name));
  const globals = new Set((spec.arguments?.parameters ?? []).map((parameter) => parameter.name));
  for (const [whole, tag] of JSON.stringify(container ?? {}).matchAll(/\{\{([^={}][^{}]*)\}\}/g)) {
    const text = tag!.trim();
    const [, own] = /^inputs\.parameters\.(.+)$/.exec(text) ?? [];
    const [, global] = /^workflow\.parameters\.(.+)$/.exec(text) ?? [];
    const known = own !== undefined ? given.has(own) : global !== undefined && global !== 'json' ? globals.has(global)
      : !text.startsWith('workflow.') || OF_WORKFLOW.test(text);
    if (!known) return `templates.${name}: failed to resolve ${whole}`;
  }
  return undefined;
}
