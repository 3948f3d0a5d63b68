import { readFileSync } from 'node:fs';
import { GoTemplate } from '../../../src/pocket/events/go-template/go-template.js';

interface Golden {
  readonly input: any;
  readonly cases: { readonly template: string; readonly out?: string; readonly fails?: true }[];
}

// Recorded from text/template of Go 1.26 with sprig 3.3.0.
const { input, cases } = JSON.parse(readFileSync(new URL('./go-template.json', import.meta.url), 'utf8')) as Golden;

test.each(cases)('Go makes the same of $template', ({ template, out }) => {
  const run = (): string => new GoTemplate(template).execute({ Input: input });
  if (out === undefined) expect(run).toThrow();
  else expect(run()).toBe(out);
});

test('an id is made where there is none', () => {
  const template = new GoTemplate('{{ .Input.body.missing | default uuidv4 | toString | sha256sum | trunc 10 }}');
  expect(template.execute({ Input: input })).toMatch(/^[0-9a-f]{10}$/);
  expect(template.execute({ Input: input })).not.toBe(template.execute({ Input: input }));
});

test.each([
  ['{{ now | date "2006" }}', 'function "now" not defined'],
  ['{{ range .Input.list }}x{{ end }}', '{{range}} is not supported'],
  ['{{ .Input.id', 'unclosed action'],
  ['{{ regexMatch "(?i)a" .Input.id }}', "the pattern '(?i)a' uses more of Go's patterns than is supported"],
  ['{{ regexMatch "a.b" .Input.id }}', "the pattern 'a.b' uses more of Go's patterns than is supported"],
])('fails if %s is used, before there is an event', (template, message) => {
  expect(() => new GoTemplate(template)).toThrow(message);
});
