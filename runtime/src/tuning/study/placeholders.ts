import { MyelinError, shown } from '../../shared/errors.js';

/** What a text of a study document may refer to. */
export interface PlaceholderValues {
  /** Parameters of the Workflow. */
  readonly workflow: ReadonlyMap<string, string>;
  /** Arguments of the step. */
  readonly inputs: ReadonlyMap<string, string>;
}

const PLACEHOLDER = /\{\{\s*(workflow|inputs)\.parameters\.([^\s{}]+)\s*\}\}/g;

/**
 * The text with `{{workflow.parameters.NAME}}` and `{{inputs.parameters.NAME}}` filled in; other braces are the user's own.
 * Fails, for good, if there is no such parameter.
 *
 * @param place where the text stands, for the message
 */
export function filled(text: string, values: PlaceholderValues, place: string): string {
  return text.replace(PLACEHOLDER, (placeholder, scope: keyof PlaceholderValues, name: string) => {
    const value = values[scope].get(name);
    if (value === undefined) {
      const known = [...values[scope].keys()].join(', ') || 'none';
      throw new MyelinError('MYELIN_TUNING_PLACEHOLDER_UNKNOWN', { place, placeholder, known });
    }
    return value;
  });
}

/** The Workflow's parameters out of MYELIN_PARAMETERS; none when it is not set. Fails, for good, if it is no list of names and values. */
export function workflowParameters(text: string | undefined): Map<string, string> {
  if (text === undefined || text === '') return new Map();
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    list = undefined;
  }
  if (!Array.isArray(list) || !list.every(isParameter)) throw new MyelinError('MYELIN_TUNING_PARAMETERS_INVALID', { got: shown(text) });
  return new Map(list.map(({ name, value }) => [name, String(value ?? '')]));
}

function isParameter(entry: unknown): entry is { name: string; value?: unknown } {
  return typeof entry === 'object' && entry !== null && typeof (entry as { name?: unknown }).name === 'string';
}
