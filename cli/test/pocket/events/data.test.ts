import fc from 'fast-check';
import type { BusEvent } from '../../../src/pocket/events/event.js';
import { passes, type DataFilter } from '../../../src/pocket/events/filters.js';
import { compactJson, jsonAt } from '../../../src/pocket/events/json-text.js';
import { mergePatch } from '../../../src/pocket/events/k8s-trigger.js';
import { withParameters, type TriggerParameter } from '../../../src/pocket/events/parameters.js';

test('compact JSON says the same, and what is cut out of it lies there', () => {
  fc.assert(fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1 }), (value) => {
    const text = compactJson(JSON.stringify(value, null, 2));
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    for (const [key, item] of Object.entries(value)) {
      expect(JSON.parse(jsonAt(text, [key])!)).toEqual(JSON.parse(JSON.stringify(item)));
      if (!Array.isArray(item)) continue;
      item.forEach((each, at) => expect(JSON.parse(jsonAt(text, [key, String(at)])!)).toEqual(JSON.parse(JSON.stringify(each))));
    }
    expect(jsonAt(text, ['not there', '0'])).toBeUndefined();
  }));
});

test('a number keeps the digits it was written with, and what Go escapes is escaped', () => {
  const text = compactJson('{ "metrics": {"accuracy": 0.9500, "id": 12345678901234567890}, "text": "<a & \\"b\\">" }');
  expect(jsonAt(text, ['metrics'])).toBe('{"accuracy":0.9500,"id":12345678901234567890}');
  expect(text).toContain('"\\u003ca \\u0026 \\"b\\"\\u003e"');
  expect(() => compactJson('{"a": }')).toThrow();
});

describe('filters', () => {
  const data = '{"body":{"status":"misfiring","n":3,"yes":true,"nul":null,"o":{"a":1}}}';
  const filter = (path: string, type: DataFilter['type'], value: string[], comparator?: DataFilter['comparator']): DataFilter =>
    ({ path, type, value, comparator });

  test.each([
    ['a string filter matches anywhere', filter('body.status', 'string', ['firing']), true],
    ['anchors hold it', filter('body.status', 'string', ['^firing$']), false],
    ['one of several is enough', filter('body.status', 'string', ['^a$', '^mis']), true],
    ['not equal', filter('body.status', 'string', ['firing'], '!='), false],
    ['an object is its text', filter('body.o', 'string', ['^\\{"a":1\\}$']), true],
    ['numbers compare', filter('body.n', 'number', ['2'], '>'), true],
    ['numbers are equal', filter('body.n', 'number', ['3.0']), true],
    ['booleans', filter('body.yes', 'bool', ['true']), true],
  ])('%s', (_, one, expected) => {
    expect(passes(data, [one])).toBe(expected);
  });

  test('a path that is not there discards the event', () => {
    expect(() => passes(data, [filter('body.missing', 'string', ['.*'])])).toThrow("path 'body.missing' does not exist");
    expect(passes(data, [filter('body.missing', 'string', ['.*']), filter('body.n', 'number', ['3'])], 'or')).toBe(true);
  });

  test('fails if a path asks for more than keys and indices', () => {
    expect(() => passes(data, [filter('body.#.a', 'string', ['x'])])).toThrow("uses '#'");
  });
});

describe('parameters', () => {
  const event: BusEvent = {
    id: 'e1',
    source: 'digits',
    subject: 'trained',
    type: 'webhook',
    time: '2026-01-01T00:00:00Z',
    data: '{"header":{},"body":{"id":"b1","n":7,"list":[{"x":1}]}}',
  };
  const resource = { metadata: { name: 'digits-' }, spec: { arguments: { parameters: [{ name: 'event', value: '' }, { name: 'n', value: '' }] } } };
  const set = (src: object, dest: string, rest: object = {}): TriggerParameter => ({ src: { dependencyName: 'd', ...src }, dest, ...rest });
  const apply = (...parameters: TriggerParameter[]): any => withParameters(resource, parameters, new Map([['d', event]]));

  test('values go where they are sent', () => {
    const result = apply(
      set({ dataTemplate: '{{ .Input.body.id | sha256sum | trunc 10 }}' }, 'metadata.name', { operation: 'append' }),
      set({ dataKey: 'body' }, 'spec.arguments.parameters.0.value'),
      set({ dataKey: 'body.n' }, 'spec.arguments.parameters.#(name=n).value', { operation: 'prepend' }),
      set({ contextKey: 'id' }, 'metadata.labels.event\\.id'),
      set({ contextTemplate: '{{ .Input.source }}/{{ .Input.subject }}' }, 'metadata.annotations.from'),
      set({ dataKey: 'body.list', useRawData: true }, 'spec.raw'),
      set({ dataKey: 'body.list' }, 'spec.text'),
      set({ value: 'new' }, 'spec.items.-1'),
    );
    expect(result.metadata).toEqual({ name: 'digits-7dc96f776c', labels: { 'event.id': 'e1' }, annotations: { from: 'digits/trained' } });
    expect(result.spec).toEqual({
      arguments: { parameters: [{ name: 'event', value: '{"id":"b1","n":7,"list":[{"x":1}]}' }, { name: 'n', value: '7' }] },
      raw: [{ x: 1 }],
      text: '[{"x":1}]',
      items: ['new'],
    });
    expect(resource.metadata.name).toBe('digits-');
  });

  test('a template that fails falls back to the key, then to the value', () => {
    const wrong = { dataTemplate: '{{ .Input.body.missing | sha256sum }}' };
    expect(apply(set({ ...wrong, dataKey: 'body.id' }, 'spec.x')).spec.x).toBe('b1');
    expect(apply(set({ ...wrong, dataKey: 'body.nothing', value: 'else' }, 'spec.x')).spec.x).toBe('else');
    expect(() => apply(set(wrong, 'spec.x'))).toThrow("unable to resolve 'd' parameter value");
  });

  test('an event that did not come has no say', () => {
    expect(withParameters(resource, [set({ dependencyName: 'other', dataKey: 'body' }, 'spec.x')], new Map([['d', event]]))).toEqual(resource);
  });
});

test('a merge patch is as RFC 7386 says', () => {
  const target = { a: 1, b: { c: 2, d: 3 }, list: [1, 2] };
  expect(mergePatch(target, { a: null, b: { d: 4 }, list: [3], e: 5 })).toEqual({ b: { c: 2, d: 4 }, list: [3], e: 5 });
});
