/** What a message carries, whatever form it came in. */
export interface Payload {
  /** `array` for ndarray and tensor (nested lists), `json`, `text`, or `binary` (base64 text). */
  readonly kind: 'array' | 'json' | 'text' | 'binary';
  readonly value: unknown;
  /** Names of the columns, when the message has them. */
  readonly names?: readonly string[];
}

const BARE_KINDS = [['jsonData', 'json'], ['strData', 'text'], ['binData', 'binary']] as const;

/** The payload of a message; undefined when it is no object or has none of data.ndarray, data.tensor, jsonData, strData and binData. */
export function payloadOf(message: unknown): Payload | undefined {
  if (!isObject(message)) return undefined;
  const data = message.data;
  if (isObject(data)) {
    const names = Array.isArray(data.names) ? { names: data.names.map(String) } : {};
    if (isObject(data.tensor) && Array.isArray(data.tensor.values)) {
      return { kind: 'array', value: nested(data.tensor.values, data.tensor.shape), ...names };
    }
    if (Array.isArray(data.ndarray)) return { kind: 'array', value: data.ndarray, ...names };
  }
  const bare = BARE_KINDS.find(([key]) => message[key] !== undefined);
  return bare === undefined ? undefined : { kind: bare[1], value: message[bare[0]] };
}

/** The payload of a truth: of a message, or the bare value that a client sent instead of one. */
export function truthPayload(truth: unknown): Payload {
  const payload = payloadOf(truth);
  if (payload !== undefined) return payload;
  // `{"ndarray": [...]}` without its `data` is a slip that means only one thing.
  const inner = isObject(truth) ? payloadOf({ data: truth }) : undefined;
  if (inner !== undefined) return inner;
  if (typeof truth === 'string') return { kind: 'text', value: truth };
  return { kind: isObject(truth) ? 'json' : 'array', value: truth };
}

/**
 * The text by which two messages are the same question, whatever the order of their keys and whether it is written as ndarray or tensor.
 * Undefined when there is no payload.
 */
export function contentText(message: unknown): string | undefined {
  const payload = payloadOf(message);
  return payload === undefined ? undefined : JSON.stringify([payload.kind, payload.names ?? [], sorted(payload.value)]);
}

/** Whether a value is an object that JSON would write with braces. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Nested lists of a tensor; the flat values when the shape does not fit them. */
function nested(values: readonly unknown[], shape: unknown): readonly unknown[] {
  if (!Array.isArray(shape) || shape.length < 2 || !shape.every((size) => Number.isInteger(size) && size > 0)) return values;
  if (shape.reduce((product, size) => product * size, 1) !== values.length) return values;
  let level = values;
  for (const size of shape.slice(1).reverse()) {
    const flat = level;
    level = Array.from({ length: flat.length / size }, (_, row) => flat.slice(row * size, (row + 1) * size));
  }
  return level;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.some((item) => typeof item === 'object') ? value.map(sorted) : value;
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}
