import * as fc from 'fast-check';
import { durationMs, numberValue } from '../../src/promql';
import { unquote } from '../../src/promql/literals';

test.each([['5m', 300_000], ['1h30m', 5_400_000], ['1w2d3h4m5s6ms', 788_645_006], ['1y', 31_536_000_000], ['0s', 0], ['0', 0]])(
  'the duration %s is %d ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

test.each(['', '5', '1m1h', '1h1h', '1.5h', '-5m', '5 m', '300y', 'm'])('%p is no duration', (text) => {
  expect(durationMs(text)).toBeUndefined();
});

test.each(['', 'abc', '1e400', '0x', '1__0', '_1', '1_'])('%p is no number', (text) => {
  expect(numberValue(text)).toBeUndefined();
});

test.each([
  ['"a\\nb"', 'a\nb'], ["'it\\'s'", "it's"], ['`a\\d`', 'a\\d'], ['"\\u00e9\\x41\\101\\U0001F600"', 'éAA😀'], ['"\\\\"', '\\'], ['""', ''],
])('the literal %s holds %p', (literal, value) => {
  expect(unquote(literal)).toEqual({ value });
});

test.each(['"\\q"', '"\\\'"', '"\\ud800"', '"\\400"', '"\\x4"', '"\\"'])('fails if the literal is %s', (literal) => {
  expect(unquote(literal)).toHaveProperty('message');
});

test('fails if a literal lacks its closing quote', () => {
  expect(unquote('"a')).toEqual({ message: 'string "a is not closed, end it with "' });
});

test('a quoted text reads back', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => {
    expect(unquote(JSON.stringify(text))).toEqual({ value: text });
  }));
});
