import { MyelinError } from '../../shared/errors.js';

/** Parameters of the Workflow by name, out of MYELIN_PARAMETERS; none when it is not set. Fails if that is no list of `{name, value}`. */
export function workflowParameters(text: string | undefined): Record<string, string> {
  if (text === undefined || text === '') return {};
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    list = undefined;
  }
  if (!Array.isArray(list)) throw new MyelinError('MYELIN_RELEASE_PARAMETERS_UNREADABLE', { got: text.slice(0, 60) });
  return Object.fromEntries(list.map(({ name, value }: { name: string; value?: unknown }) => [name, String(value ?? '')]));
}

/** A text with each `{{workflow.parameters.NAME}}` filled in. Fails if the Workflow has no such parameter. */
export function filled(text: string, parameters: Readonly<Record<string, string>>, variable: string): string {
  return text.replace(/\{\{\s*workflow\.parameters\.([\w.-]+)\s*\}\}/g, (_, name: string) => {
    if (!Object.hasOwn(parameters, name)) throw new MyelinError('MYELIN_RELEASE_PARAMETER_UNKNOWN', { parameter: name, variable });
    return parameters[name]!;
  });
}
