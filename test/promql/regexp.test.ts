import * as fc from 'fast-check';
import { readRegexp } from '../../src/promql/regexp';

test.each([
  ['(?=a)', "uses look-around '(?=', which Prometheus (RE2) does not know, use a second matcher with '!~'"],
  ['(?<!a)b', "uses look-around '(?<!', which Prometheus (RE2) does not know, use a second matcher with '!~'"],
  ['(a)\\1', "uses the backreference '\\1', which Prometheus (RE2) does not know, spell the alternatives out"],
  ['\\k<n>', "uses the backreference '\\k', which Prometheus (RE2) does not know, spell the alternatives out"],
  ['(a', "has a '(' that is not closed, add ')'"],
  ['a)', "has a ')' without '(', escape it as '\\)'"],
  ['[a', "has a '[' that is not closed, add ']' or escape it as '\\['"],
  ['[]', "has a '[' that is not closed, add ']' or escape it as '\\['"],
  ['[z-a]', 'has a range that runs backwards or is none within [], write it low-high'],
  ['[a-\\d]', 'has a range that runs backwards or is none within [], write it low-high'],
  ['[[:foo:]]', 'has the unknown class [:foo:], RE2 knows alnum, alpha, ascii, blank, cntrl, digit, graph, lower, print, punct, space, upper, word, xdigit'],
  ['*a', "has '*' with nothing to repeat, escape it as '\\*'"],
  ['a|{2}', "has '{' with nothing to repeat, escape it as '\\{'"],
  ['a**', "has '*' behind another repetition (possessive matching is not known), group with (?:…)"],
  ['a++', "has '+' behind another repetition (possessive matching is not known), group with (?:…)"],
  ['a{1001}', 'has the repetition {1001}, counts go from low to high and up to 1000'],
  ['a{3,2}', 'has the repetition {3,2}, counts go from low to high and up to 1000'],
  ['\\q', "has the unknown escape '\\q', RE2 does not know it"],
  ['\\Z', "has the unknown escape '\\Z', RE2 does not know it"],
  ['a\\', "ends in a single '\\', double it"],
  ['(?#c)', "has the unknown group '(?#', RE2 knows (…), (?:…), (?P<name>…) and the flags i, m, s, U"],
  ['('.repeat(2000), 'nests too deep, make it simpler'],
])('fails if the regular expression is %p', (pattern, message) => {
  expect(readRegexp(pattern)).toEqual({ message });
});

test.each([
  ['', true], ['.*', true], ['.+', false], ['a', false], ['a?', true], ['a|', true], ['(a|b)*', true], ['(?i)a', false], ['(?i)', true],
  ['^$', true], ['\\A\\z', true], ['\\b', false], ['\\B', true], ['a{0,3}', true], ['a{2,}', false], ['(?P<n>x)?', true], ['(?:a|b)c', false],
  ['[^]]+', false], ['[\\d-z]', false], ['[\\x41-\\x5A]', false], ['[\\n-\\r]', false], ['[\\-a]', false], ['[[:alpha:]]', false], ['\\pL', false],
  ['\\p{Greek}', false], ['\\Qa.b\\E', false], ['\\Q\\E', true], ['\\Qa', false], ['\\012', false], ['\\12', false], ['\\x{1F600}', false], ['a*?', true],
  ['{', false], ['a{,5}', false], ['😀', false], ['[😀-😂]', false], ['[\\001-\\011]', false],
])('%p compiles, and matches the empty text: %p', (pattern, matchesEmpty) => {
  expect(readRegexp(pattern)).toEqual({ matchesEmpty });
});

const regexp: fc.Arbitrary<string> = fc.letrec<{ r: string }>((tie) => ({
  r: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', '.', '[a-z]', '\\d', '\\.', '^', '$', ''),
    fc.tuple(tie('r'), tie('r')).map(([a, b]) => `${a}${b}`),
    fc.tuple(tie('r'), tie('r')).map(([a, b]) => `(${a}|${b})`),
    fc.tuple(tie('r'), fc.constantFrom('*', '+', '?', '{2}', '{0,1}', '+?')).map(([a, o]) => `(?:${a})${o}`),
  ),
})).r;

test('on what both know, it agrees with the engine of JavaScript', () => {
  fc.assert(fc.property(regexp, (pattern) => {
    expect(readRegexp(pattern)).toEqual({ matchesEmpty: new RegExp(`^(?:${pattern})$`, 's').test('') });
  }));
});

test('no text makes it throw', () => {
  fc.assert(fc.property(fc.string(), (pattern) => {
    expect(Object.keys(readRegexp(pattern))).toHaveLength(1);
  }));
});
