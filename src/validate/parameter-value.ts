import { UNFIT_PARAMETER_VALUE } from '../contract/constants';
import { invalid } from '../problem/error';

/** UNFIT_PARAMETER_VALUE as a pattern of Go. */
export const UNFIT_IN_GO = UNFIT_PARAMETER_VALUE.source.replaceAll('\\u{', '\\x{');

/** Throws when Argo could not hand on the default of a parameter. */
export function refuseUnfit(name: string, value: string): void {
  if (UNFIT_PARAMETER_VALUE.test(value)) {
    throw invalid('parameter-value', 'parameters', `${name}: ${value}`,
      "must have no '{{', '$(' or '$$', no '{' at its end, no control characters, none beyond U+FFFF and not be '<no value>', "
        + 'because the engines do not hand them on as they are',
      'write it differently', { item: name });
  }
}
