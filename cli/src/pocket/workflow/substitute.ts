import { compileExpression, nested } from './expression/expr.js';

/** What tags stand for; null is the output of a task that never ran and declared no default. */
export type Scope = ReadonlyMap<string, string | null>;

/**
 * Fills in the `{{…}}` of every string below a value, once: what a value brings along stays as it is, quotes, newlines and `{{` included.
 *
 * Argo fills in twice, so a value with a tag in it is read again there; nothing static relies on that, and an event from outside must not.
 * Fails if a tag has no end or no meaning.
 */
export function substitute<T>(value: T, scope: Scope): T {
  if (typeof value === 'string') return substituteText(value, scope) as T;
  if (Array.isArray(value)) return value.map((item) => substitute(item, scope)) as T;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, substitute(item, scope)])) as T;
  }
  return value;
}

function substituteText(text: string, scope: Scope): string {
  let result = '';
  let at = 0;
  for (;;) {
    const from = text.indexOf('{{', at);
    if (from < 0) return result + text.slice(at);
    const to = text.indexOf('}}', from);
    if (to < 0) throw new Error(`cannot find end tag="}}" after '${text.slice(from, from + 40)}'`);
    result += text.slice(at, from) + meaning(text.slice(from + 2, to), scope);
    at = to + 2;
  }
}

function meaning(tag: string, scope: Scope): string {
  if (tag.startsWith('=')) {
    const result = compileExpression(tag.slice(1))(nested(scope));
    if (result === null) throw new Error(`failed to evaluate expression '${tag.slice(1)}'`);
    return typeof result === 'string' ? result : JSON.stringify(result);
  }
  const value = scope.get(tag.trim());
  if (value === undefined) throw new Error(`failed to resolve {{${tag}}}`);
  if (value === null) throw new Error(`unable to substitute {{${tag}}}: output is an absent optional (skipped/omitted node with no default)`);
  return value;
}

/** Whether a text is one tag and nothing else, and stands for the output of a task that never ran. */
export function isAbsent(text: unknown, scope: Scope): boolean {
  const tag = typeof text === 'string' ? /^\{\{([^{}]*)\}\}$/.exec(text)?.[1] : undefined;
  return tag !== undefined && scope.get(tag.trim()) === null;
}
