/**
 * Which fields of an object a controller honours: `USED` does something, a text says why the field has no effect here and may be left without it,
 * a map or a list goes deeper. What is in no shape is refused, so that nothing is ignored in silence.
 */
export type Shape = typeof USED | string | { readonly [field: string]: Shape } | readonly [Shape];

export const USED = true;

/** The paths of all fields that the shape does not know, such as `spec.containers[0].lifecycle`. */
export function unknownFields(value: unknown, shape: Shape, path: string): string[] {
  if (value === undefined || value === null || shape === USED || typeof shape === 'string') return [];
  if (Array.isArray(shape)) {
    return Array.isArray(value) ? value.flatMap((item, index) => unknownFields(item, (shape as readonly [Shape])[0], `${path}[${index}]`)) : [path];
  }
  if (typeof value !== 'object' || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([field, inner]) => {
    const known = Object.hasOwn(shape, field) ? (shape as { readonly [name: string]: Shape })[field] : undefined;
    // An empty value asks for nothing.
    if (known === undefined) return isEmpty(inner) ? [] : [`${path}.${field}`];
    return unknownFields(inner, known, `${path}.${field}`);
  });
}

/** The sentence of a refusal; undefined when there is nothing to refuse. */
export function refusal(object: string, fields: readonly string[]): string | undefined {
  if (fields.length === 0) return undefined;
  const list = fields.map((field) => `'${field}'`).join(', ');
  return `${list} of ${object} ${fields.length === 1 ? 'is' : 'are'} not supported by the laptop's cluster, run it in a real one or leave it out`;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === false || (typeof value === 'object' && Object.keys(value).length === 0);
}
