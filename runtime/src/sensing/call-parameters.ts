import { UNFIT_PARAMETER_VALUE } from '../contract/constants.js';
import type { AxonDocument } from '../contract/documents.js';
import { MyelinError, shown } from '../shared/errors.js';

/** Longest value of a parameter, in characters. */
const LONGEST_VALUE = 4096;

/**
 * What a call gives to the parameters of the sensors that wait for it, by the rule that the synthesised Sensor has, too (contract/README.md): what
 * starts at once and what the sweep starts later must be the same.
 */
export function callParameters({ sensors }: AxonDocument, trigger: string, body: unknown): Record<string, string> {
  const listeners = sensors.filter(({ triggers }) => triggers.some(({ kind, name }) => kind === 'rest' && name === trigger));
  const names = new Set(listeners.flatMap(({ parameters }) => parameters));
  const given = [...names].flatMap((name) => {
    const value = valueOf(body, name);
    return value === undefined || value === null ? [] : [[name, typeof value === 'string' ? value : jsonText(value)] as const];
  });
  return checkedParameters(Object.fromEntries(given));
}

/** Fails, for good, if a value is none that a run can be given. */
export function checkedParameters(parameters: Record<string, string>): Record<string, string> {
  for (const [parameter, value] of Object.entries(parameters)) {
    if (value.length > LONGEST_VALUE) throw new MyelinError('MYELIN_PARAMETER_TOO_LONG', { parameter, length: value.length, most: LONGEST_VALUE });
    // The Sensor passed on the default instead, which must not run.
    if (UNFIT_PARAMETER_VALUE.test(value)) throw new MyelinError('MYELIN_PARAMETER_UNFIT', { parameter, got: shown(value) });
  }
  return parameters;
}

function valueOf(body: unknown, name: string): unknown {
  if (!isObject(body)) return undefined;
  const of = Object.hasOwn(body, name) ? body : body.parameters;
  return isObject(of) && Object.hasOwn(of, name) ? of[name] : undefined;
}

/** JSON as the Sensor writes it, which is Go's: keys in order, and the line separators of Unicode escaped. */
function jsonText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (isObject(value)) return `{${Object.keys(value).sort().map((key) => `${jsonText(key)}:${jsonText(value[key])}`).join(',')}}`;
  if (Object.is(value, -0)) return '-0';
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (separator) => `\\u${separator.charCodeAt(0).toString(16)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
