import { filled, type Placeholder } from '../contract/placeholders.js';
import { MyelinError, shown } from './errors.js';

/** The values of the placeholders of a document; placeholders of a scope that is absent stay as they are. */
export type ParameterValues = Readonly<Partial<Record<Placeholder['scope'], ReadonlyMap<string, string>>>>;

/**
 * The text with its placeholders filled in. Fails, for good, if one names a parameter that was not given.
 *
 * @param place where the text stands, for the message
 */
export function withParameters(text: string, values: ParameterValues, place: string): string {
  return filled(text, ({ text: placeholder, scope, name }) => {
    const given = values[scope];
    if (given === undefined) return undefined;
    const value = given.get(name);
    if (value === undefined) {
      throw new MyelinError('MYELIN_PLACEHOLDER_UNKNOWN', { place, placeholder, known: [...given.keys()].join(', ') || 'none' });
    }
    return value;
  });
}

/** The Workflow's parameters out of MYELIN_PARAMETERS; none when it is not set. Fails, for good, if it is no list of names and values. */
export function workflowParameters(text: string | undefined): ReadonlyMap<string, string> {
  if (text === undefined || text === '') return new Map();
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    list = undefined;
  }
  if (!Array.isArray(list) || !list.every(isParameter)) throw new MyelinError('MYELIN_PARAMETERS_INVALID', { got: shown(text) });
  return new Map(list.map(({ name, value }) => [name, String(value ?? '')]));
}

function isParameter(entry: unknown): entry is { name: string; value?: unknown } {
  return typeof entry === 'object' && entry !== null && typeof (entry as { name?: unknown }).name === 'string';
}
