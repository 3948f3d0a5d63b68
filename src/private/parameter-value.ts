import { invalid } from '../problem/error';

/**
 * What no value of a parameter may hold, because it does not reach a container as it is. Argo Workflows fills in a template several times, and with
 * it what a value has brought along: `{{…}}`, also where the first brace is the end of one text and the second the beginning of the next. It
 * writes a value as Go quotes it, which for control characters and some beyond U+FFFF is no JSON, and then the run fails before its first
 * step. Argo Events takes `<no value>` for none. And Kubernetes makes variables of what is in `$(…)` and one dollar of two.
 *
 * The gate refuses the same in a call (contract/README.md).
 */
const UNFIT = /\{\{|\{$|\$[$(]|^<no value>$|[^\t\n\r -~\u{A0}-\u{D7FF}\u{E000}-\u{FFFF}]/u;

/** The same as a pattern of Go. */
export const UNFIT_IN_GO = UNFIT.source.replaceAll('\\u{', '\\x{');

/** Throws when Argo could not hand on the default of a parameter. */
export function refuseUnfit(name: string, value: string): void {
  if (UNFIT.test(value)) {
    throw invalid('parameter-value', 'parameters', `${name}: ${value}`,
      "must have no '{{', '$(' or '$$', no '{' at its end, no control characters, none beyond U+FFFF and not be '<no value>', "
        + 'because the engines do not hand them on as they are',
      'write it differently', { item: name });
  }
}
