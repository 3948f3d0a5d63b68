import { UNFIT_IN_GO } from '../private/parameter-value';

/**
 * The template by which the Sensor finds what a call gives to a parameter: its field of that name, or else that of its `parameters`; a text as it
 * is, anything else as JSON. The default stands for null, for a field that is not there, and for a value that Argo does not hand on as it is: then
 * the gate refuses the call, so nothing runs with it. The rule is told in contract/README.md, and its cases are in fixtures/call-parameters.json.
 *
 * The default stands in the template, because Argo Events puts the `value` beside a template in the place of an empty text, too, which a call may give.
 */
export function callParameter(name: string, fallback: string): string {
  const key = JSON.stringify(name);
  return [
    `{{ $text := ${JSON.stringify(fallback)} }}{{ $of := .Input.body }}`,
    `{{ if and (kindIs "map" $of) (not (hasKey $of ${key})) }}{{ $of = index $of "parameters" }}{{ end }}`,
    `{{ if kindIs "map" $of }}{{ $value := index $of ${key} }}{{ if not (kindIs "invalid" $value) }}`,
    '{{ $given := ternary $value (toRawJson $value) (kindIs "string" $value) }}',
    `{{ if not (regexMatch \`${UNFIT_IN_GO}\` $given) }}{{ $text = $given }}{{ end }}`,
    '{{ end }}{{ end }}{{ $text }}',
  ].join('');
}
