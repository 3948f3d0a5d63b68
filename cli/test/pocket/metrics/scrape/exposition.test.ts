import fc from 'fast-check';
import { parseExposition } from '../../../../src/pocket/metrics/scrape/exposition.js';

describe('the text format', () => {
  test('gives names, labels, values and times', () => {
    const text = '# HELP a b\n# TYPE a counter\n\na 1\nb{} 2.5e3 1700000000000\n c{x="1",y="q\\"\\\\\\n,}"} -Inf\r\nd{x="1",} NaN\n{"my.metric",x=""} +Inf\n';
    expect(parseExposition(text)).toEqual([
      { labels: { __name__: 'a' }, value: 1 },
      { labels: { __name__: 'b' }, value: 2500, time: 1_700_000_000_000 },
      { labels: { __name__: 'c', x: '1', y: 'q"\\\n,}' }, value: -Infinity },
      { labels: { __name__: 'd', x: '1' }, value: NaN },
      { labels: { __name__: 'my.metric' }, value: Infinity },
    ]);
  });

  test.each([
    ['a', "line 1 of the metrics has the value '', which is no number: 'a'"],
    ['ok 1\na{x=1} 2', "line 2 of the metrics gives label 'x' no value in quotes: 'a{x=1} 2'"],
    ['a{x="1"', "line 1 of the metrics has no comma between labels: 'a{x=\"1\"'"],
    ['a{x="1" y="2"} 1', "line 1 of the metrics has no comma between labels: 'a{x=\"1\" y=\"2\"} 1'"],
    ['a{x="1",x="2"} 1', "line 1 of the metrics names label 'x' twice: 'a{x=\"1\",x=\"2\"} 1'"],
    ['a{="1"} 1', "line 1 of the metrics has a broken label: 'a{=\"1\"} 1'"],
    ['{x="1"} 1', "line 1 of the metrics has no name: '{x=\"1\"} 1'"],
    ['a 1 2 3', "line 1 of the metrics has more than a value and a time: 'a 1 2 3'"],
    ['<html>', "line 1 of the metrics has no name: '<html>'"],
  ])('fails if a line is broken: %s', (text, message) => {
    expect(() => parseExposition(text)).toThrow(message);
  });

  test('reads back every value and every text of a label', () => {
    fc.assert(fc.property(fc.double(), fc.string({ unit: 'grapheme', minLength: 1 }), (value, label) => {
      const quoted = label.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"');
      const written = Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
      const [sample] = parseExposition(`a{x="${quoted}"} ${written}`);
      expect(sample.labels.x).toBe(label);
      expect(sample.value === value || Object.is(sample.value, value)).toBe(true);
    }));
  });
});
