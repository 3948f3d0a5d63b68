import { UNFIT_IN_GO } from '../validate/parameter-value';

/**
 * The template by which the Sensor reads a parameter out of a call: the field of that name, or else that field of
 * the body's `parameters`. A text is taken as it is, anything else as JSON. The default stands for null, for an absent
 * field, and for a value that Argo does not pass on unchanged; the gate then rejects the call, so nothing runs with it.
 * contract/README.md has the rule, fixtures/call-parameters.json its cases.
 *
 * The default stands inside the template, because Argo Events uses a `value` beside a template in place of an empty text, too.
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
