import fc from 'fast-check';
import { dump, load } from 'js-yaml';
import { AxonFile } from '../../src';
import { DIGITS, fixture, make } from './digits';

const TEXTS = [DIGITS, ...['churn-risk.yaml', 'ticket-triage.yaml', 'everything.yaml', 'legacy.yaml'].map(fixture)];
const AXONS = TEXTS.map((text) => load(text) as object);

/** Ways to every value of an axon. */
function ways(value: unknown, way: string[] = []): string[][] {
  const below = value !== null && typeof value === 'object' ? Object.entries(value).flatMap(([key, inside]) => ways(inside, [...way, key])) : [];
  return way.length === 0 ? below : [way, ...below];
}

const places = fc.constantFrom(...AXONS.flatMap((axon, index) => ways(axon).map((way) => ({ index, way }))));
const values = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, '', 0, -1, 1.5, true, [], {}, [[]], [null], '{{a}}', '__proto__', 'constructor', 'on', '\u001b[2J', 'x'.repeat(300)),
  fc.string(), fc.double(), fc.jsonValue({ maxDepth: 2 }),
);

function changed(index: number, way: string[], value: unknown): string {
  const axon: any = JSON.parse(JSON.stringify(AXONS[index]));
  const parent = way.slice(0, -1).reduce((inside, key) => inside[key], axon);
  const last = way[way.length - 1];
  if (value !== undefined) {
    parent[last] = value;
  } else if (Array.isArray(parent)) {
    parent.splice(Number(last), 1);
  } else {
    delete parent[last];
  }
  return dump(axon);
}

test('whatever stands in a file, it is told and nothing is thrown; a file without errors becomes objects', () => {
  fc.assert(fc.property(places, values, ({ index, way }, value) => {
    const { file, charts } = make(changed(index, way, value));

    charts.forEach((chart) => chart.toJson());

    expect(charts.length > 0).toBe(!file.problems.some(({ severity }) => severity === 'error'));
  }), { numRuns: 300 });
});

test('messages speak of the file: no word of the programming interface is in them', () => {
  fc.assert(fc.property(places, values, ({ index, way }, value) => {
    const messages = make(changed(index, way, value)).file.problems.map(({ message }) => message.replace(/\(.*?\) (?=[a-z])/, ''));

    messages.forEach((message) => {
      expect(message).not.toMatch(/[A-Z]\w+\.\w+\(|\b(undefined|NaN)\b|'(alert|steps|sensorName|timeZone|brackets|trials|space|rules|repository|sshKey|objective)'/);
    });
  }), { numRuns: 300 });
});

test('a name that every JavaScript object has is a name like any other', () => {
  const way = (index: number, ...path: string[]) => make(changed(index, path, 'constructor')).file.problems.map(({ severity, message }) => `${severity}: ${message}`);

  expect(way(3, 'spec', 'volumeClaimTemplate', 'metadata', 'name')).toEqual(make(TEXTS[3]).file.problems.map(({ severity, message }) => (
    `${severity}: ${message}`.replace('every-thing-data', 'constructor'))));
  expect(way(3, 'spec', 'sensors', '6', 'triggers', '0', 'condition')).toContainEqual(expect.stringMatching(/^error: 'condition' \(constructor\)/));
});

test('any text at all is told and nothing is thrown', () => {
  const pieces = fc.constantFrom('kind: Axon\n', 'spec:\n', '  tasks:\n', '- ', 'name: a\n', '{', '}', '[', ']', '&a ', '*a', '"', "'", ': ', '\t', '|\n', '---\n', '<<: ', '!!x ', '#');
  fc.assert(fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 30 }), (parts) => {
    const { file } = make(parts.join(''));

    file.problems.forEach((problem) => expect(AxonFile.format(problem).split('\n').length).toBeLessThanOrEqual(3));
  }), { numRuns: 300 });
});
