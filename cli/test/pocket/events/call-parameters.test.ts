import { readFileSync } from 'node:fs';
import { compactJson } from '../../../src/pocket/events/json-text.js';
import { withParameters } from '../../../src/pocket/events/parameters.js';

interface Recorded {
  readonly sensors: readonly {
    readonly default: string;
    readonly template: string;
    readonly cases: readonly { readonly title: string; readonly body: string; readonly event: string; readonly handed: string }[];
  }[];
}

const { sensors }: Recorded = JSON.parse(readFileSync(new URL('../../../../contract/fixtures/call-parameters.json', import.meta.url), 'utf8'));

/** What a Sensor makes of a call's body. */
function handedOn(dataTemplate: string, body: string): string {
  const data = compactJson(`{"header":{},"body":${body}}`);
  const event = { id: 'e1', source: 'churn', subject: 'rest-refresh', type: 'webhook', time: '2026-01-01T00:00:00Z', data };
  const parameter = { src: { dependencyName: 'rest-refresh', dataTemplate, value: '' }, dest: 'value' };
  return withParameters({ value: 'untouched' }, [parameter], new Map([['rest-refresh', event]])).value;
}

describe.each(sensors)("of a call is handed on what Argo Events hands on, where the default is '$default':", ({ template, cases }) => {
  test.each(cases)('$title', ({ body, handed }) => expect(handedOn(template, body)).toBe(handed));
});

test.each(sensors[0]!.cases)('the body reaches the gate as Argo Events writes it: $title', ({ body, event }) => {
  expect(Buffer.from(handedOn('{{ .Input.body | toRawJson | b64enc }}', body), 'base64').toString()).toBe(event);
});

test('a number that no float64 holds cannot be written, as in Go', () => {
  expect(() => withParameters({}, [{ src: { dependencyName: 'd', dataTemplate: '{{ toRawJson .Input.n }}' }, dest: 'x' }], new Map([
    ['d', { id: 'e', source: 's', subject: 's', type: 'webhook', time: '2026-01-01T00:00:00Z', data: '{"n":1e400}' }],
  ]))).toThrow('json: unsupported value: +Inf');
});
