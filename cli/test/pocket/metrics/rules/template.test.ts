import { expandTemplate } from '../../../../src/pocket/metrics/rules/template.js';

const DATA = { labels: { model: 'mnist', version: 'v1' }, value: 0.123456 };

test.each([
  ['plain text', 'plain text'],
  ['{{ $labels.model }} is at {{ $value }}', 'mnist is at 0.123456'],
  ['{{.Labels.model}}{{ .Labels.missing }}', 'mnist'],
  ['{{ $value | humanizePercentage }}', '12.35%'],
  ['{{ humanize 1234567.0 }} and {{ 0.001 | humanize }}', '1.235M and 1m'],
  ['{{ printf "%.2f of %s" $value $labels.model }}', '0.12 of mnist'],
  ['{{ $value | printf "%.1f" }}', '0.1'],
  ['{{ index $labels "version" | toUpper }}', 'V1'],
  ['a {{- /* nothing */ -}} b', 'ab'],
])('the template %s becomes %s', (template, expected) => {
  expect(expandTemplate(template, DATA)).toBe(expected);
});

test('what the pocket cluster does not know stands in the text as an error, as in Prometheus', () => {
  expect(expandTemplate('{{ query "up" }}', DATA)).toBe("<error expanding template: 'query' is unknown to the pocket cluster>");
  expect(expandTemplate('{{ $externalURL }}', DATA)).toBe("<error expanding template: '$externalURL' is unknown to the pocket cluster>");
});

test('numbers are written as Go writes them', () => {
  expect(expandTemplate('{{ $value }}', { labels: {}, value: 0.00001 })).toBe('1e-05');
  expect(expandTemplate('{{ $value }}', { labels: {}, value: Infinity })).toBe('+Inf');
  expect(expandTemplate('{{ $value }}', { labels: {}, value: 1e21 })).toBe('1e+21');
});
