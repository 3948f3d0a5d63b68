/**
 * The fields of a kind that an engine of the pocket cluster knows: by name what is below it; a list of one shape; a map with keys of the user; a value
 * that is passed on as it is; or one that is left out, with the reason.
 */
export type Shape = { readonly fields: Readonly<Record<string, Shape>> } | { readonly each: Shape } | { readonly map: Shape } | 'any' | { readonly ignored: string };

export interface Unsupported {
  /** `spec.templates[3].withItems` */
  readonly path: string;
  readonly got: string;
}

/** The fields of a value that no shape describes. Empty values have no effect and are accepted. */
export function unsupported(value: unknown, shape: Shape, path: string): Unsupported[] {
  if (value === undefined || value === null || shape === 'any' || 'ignored' in shape) return [];
  if ('each' in shape) return Array.isArray(value) ? value.flatMap((item, at) => unsupported(item, shape.each, `${path}[${at}]`)) : [found(path, value)];
  if (typeof value !== 'object' || Array.isArray(value)) return [found(path, value)];
  return Object.entries(value).flatMap(([key, item]) => {
    const below = 'map' in shape ? shape.map : Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
    if (below !== undefined) return unsupported(item, below, `${path}.${key}`);
    return isEmpty(item) ? [] : [found(`${path}.${key}`, item)];
  });
}

/** The sentence that says so, of the first of them. */
export function refusal([first, ...others]: readonly Unsupported[]): string {
  const more = others.length === 0 ? '' : ` (and ${others.map(({ path }) => path).join(', ')})`;
  return `'${first!.path}' (${first!.got}) is not supported by the pocket cluster${more}, leave it out or run it in a cluster`;
}

/** A value that no shape describes. */
export function found(path: string, value: unknown): Unsupported {
  const text = JSON.stringify(value);
  return { path, got: text.length > 60 ? `${text.slice(0, 57)}...` : text };
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === false || (typeof value === 'object' && Object.keys(value).length === 0);
}
