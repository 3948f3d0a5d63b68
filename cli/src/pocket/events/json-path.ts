/** One step of a path: a key or an index, or the item of a list whose field has a value. */
export type PathStep = string | { readonly field: string; readonly equals: string };

/** `body.alerts.0.labels` as its steps; `\.` is a dot of a key. Fails if it uses more of GJSON than keys and indices. */
export function parsePath(path: string): string[] {
  const steps = split(path);
  const strange = steps.find(({ raw }) => /(?<!\\)[*?|#!{}[\]()]|^@/.test(raw));
  if (strange !== undefined) throw new Error(`'${path}' uses '${strange.raw}', of paths only keys and indices are supported`);
  return steps.map(({ key }) => key);
}

/** The path of a place to write: also `#(name=x)` for an item of a list, and `-1` for a new one at its end. */
export function parseDestination(path: string): PathStep[] {
  return split(path).map(({ raw, key }) => {
    const query = /^#\(([\w-]+)==?"?([^")]*)"?\)$/.exec(raw);
    return query === null ? parsePath(raw).join('') && key : { field: query[1]!, equals: query[2]! };
  });
}

/** What lies there; undefined if nothing does. */
export function valueAt(root: unknown, path: readonly PathStep[]): unknown {
  return path.reduce<unknown>((value, step) => {
    if (typeof value !== 'object' || value === null) return undefined;
    if (typeof step === 'object') return Array.isArray(value) ? value.find((item) => String(item?.[step.field]) === step.equals) : undefined;
    return Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined;
  }, root);
}

/** Sets what lies there, making what is missing on the way as SJSON does; an item that is asked for by a field and not there is left so. */
export function setAt(root: object, path: readonly PathStep[], value: unknown): void {
  let at: any = root;
  for (const [index, step] of path.entries()) {
    const isLast = index === path.length - 1;
    if (typeof step === 'object') {
      const position: number = Array.isArray(at) ? at.findIndex((item) => String(item?.[step.field]) === step.equals) : -1;
      if (position < 0) return;
      if (isLast) at[position] = value;
      at = at[position];
      continue;
    }
    if (step === '__proto__' || step === 'constructor' || step === 'prototype') throw new Error(`'${step}' is no place to write to`);
    const key = Array.isArray(at) && step === '-1' ? at.length : step;
    if (Array.isArray(at)) {
      if (typeof key === 'string' && !/^\d+$/.test(key)) throw new Error(`cannot set '${key}' of a list`);
      while (at.length < Number(key)) at.push(null);
    }
    if (isLast) at[key] = value;
    else if (typeof at[key] !== 'object' || at[key] === null) at[key] = /^(\d+|-1)$/.test(String(path[index + 1])) ? [] : {};
    at = at[key];
  }
}

function split(path: string): { raw: string; key: string }[] {
  // A dot within parentheses or behind a backslash is part of a step.
  const raws = path.match(/(?:\\.|#\([^)]*\)|[^.\\])+/g) ?? [];
  return raws.map((raw) => ({ raw, key: raw.replace(/\\(.)/g, '$1') }));
}
