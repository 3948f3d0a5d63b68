import { isObject } from './message.js';

/**
 * A copy of a request without those fields, for the capture. A field is a dotted path below the request's data: a column of an array that
 * has `names`, or a key of jsonData and of objects in lists, at any index. What is not there is no mistake.
 */
export function withoutFields(message: unknown, fields: readonly string[]): unknown {
  if (fields.length === 0 || !isObject(message)) return message;
  const copy = { ...message };
  if (isObject(copy.data)) copy.data = withoutColumns(copy.data, fields);
  for (const key of ['data', 'jsonData'] as const) {
    if (copy[key] !== undefined) copy[key] = withoutPaths(copy[key], fields);
  }
  if (isObject(copy.data) && Array.isArray(copy.data.ndarray)) copy.data = { ...copy.data, ndarray: withoutPaths(copy.data.ndarray, fields) };
  return copy;
}

function withoutPaths(value: unknown, fields: readonly string[]): unknown {
  return fields.reduce((left: unknown, field) => withoutPath(left, field.split('.')), value);
}

function withoutPath(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutPath(item, path));
  const [key, ...rest] = path;
  if (!isObject(value) || !Object.hasOwn(value, key)) return value;
  const { [key]: inner, ...others } = value;
  return rest.length === 0 ? others : { ...value, [key]: withoutPath(inner, rest) };
}

function withoutColumns(data: Readonly<Record<string, unknown>>, fields: readonly string[]): Record<string, unknown> {
  const names = data.names;
  if (!Array.isArray(names) || !names.some((name) => fields.includes(name))) return { ...data };
  const kept = names.map((name) => !fields.includes(name));
  const keep = (row: readonly unknown[]) => row.filter((_, column) => kept[column] !== false);
  const copy: Record<string, unknown> = { ...data, names: keep(names) };
  const { ndarray } = data;
  if (Array.isArray(ndarray)) {
    copy.ndarray = ndarray.some(Array.isArray) ? ndarray.map((row) => (Array.isArray(row) ? keep(row) : row)) : keep(ndarray);
  }
  if (isObject(data.tensor)) copy.tensor = tensorWithout(data.tensor, kept);
  return copy;
}

/** Columns are the last axis of a tensor. One whose shape does not fit its values is dropped whole: nobody knows where the columns are. */
function tensorWithout(tensor: Readonly<Record<string, unknown>>, kept: readonly boolean[]): unknown {
  const { shape, values } = tensor;
  const fits = Array.isArray(shape) && Array.isArray(values) && shape.at(-1) === kept.length && values.length % kept.length === 0;
  if (!fits) return { shape: [0], values: [] };
  return { ...tensor, shape: [...shape.slice(0, -1), kept.filter(Boolean).length], values: values.filter((_, at) => kept[at % kept.length]) };
}
