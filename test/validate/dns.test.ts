import * as fc from 'fast-check';
import { configKeyProblem, dnsLabelProblem, dnsSubdomainProblem, labelKeyProblem, labelValueProblem } from '../../src/validate/dns';

const SHAPE = "must consist of letters a-z, digits and '-', and begin and end with a letter or digit";

test.each(['a', '0', 'clean-records', 'a--b', 'x'.repeat(63)])('%s is a label', (name) => {
  expect(dnsLabelProblem(name)).toBeUndefined();
});

test.each([
  ['', 'must not be empty', 'give it a name'],
  ['x'.repeat(64), 'has 64 characters of at most 63', 'shorten it'],
  ['CleanRecords', SHAPE, "use 'clean-records'"],
  ['a.b', SHAPE, "use 'a-b'"],
  ['-a-', SHAPE, "use 'a'"],
  ['___', SHAPE, 'choose another name'],
])('fails if the name is %p', (name, rule, remedy) => {
  expect(dnsLabelProblem(name)).toMatchObject({ rule, remedy });
});

test('a name can have a smaller budget', () => {
  expect(dnsLabelProblem('x'.repeat(48), 47)).toMatchObject({ rule: 'has 48 characters of at most 47', remedy: 'shorten it' });
});

test('a subdomain has dots between labels and 253 characters', () => {
  expect(dnsSubdomainProblem('a.b-c.d')).toBeUndefined();
  expect(dnsSubdomainProblem('a..b')).toMatchObject({ rule: "must consist of letters a-z, digits, '-' and '.', and begin and end with a letter or digit", remedy: "use 'a.b'" });
  expect(dnsSubdomainProblem('A-.b')?.remedy).toBe("use 'a.b'");
  expect(dnsSubdomainProblem('a'.repeat(254))).toMatchObject({ rule: 'has 254 characters of at most 253', remedy: 'shorten it' });
});

test('a proposed name is one', () => {
  fc.assert(fc.property(fc.string({ maxLength: 40 }), (name) => {
    const proposed = /^use '(.*)'$/.exec(String(dnsSubdomainProblem(name)?.remedy))?.[1];
    expect(proposed === undefined || dnsSubdomainProblem(proposed) === undefined).toBe(true);
  }));
});

test('the value of a label is empty or 63 letters, digits, dashes, dots and underscores', () => {
  expect(['', 'A_b.c-1', '9'].map(labelValueProblem)).toEqual([undefined, undefined, undefined]);
  const rule = "must consist of letters, digits, '-', '_' and '.', and begin and end with a letter or digit";
  expect(labelValueProblem('a b')).toMatchObject({ rule, remedy: 'rename it, or write it into an annotation' });
  expect(labelValueProblem('a-')).toMatchObject({ rule, remedy: 'rename it, or write it into an annotation' });
  expect(labelValueProblem('a'.repeat(64))).toMatchObject({ rule: 'has 64 characters of at most 63', remedy: 'shorten it' });
});

test('the key of a label may have a domain before it', () => {
  expect(labelKeyProblem('example.org/accelerator')).toBeUndefined();
  expect(labelKeyProblem('team')).toBeUndefined();
  expect(labelKeyProblem('Example/x')).toMatchObject({
    rule: "has the prefix 'Example', which must consist of letters a-z, digits, '-' and '.', and begin and end with a letter or digit",
    remedy: "use 'example'",
  });
  expect(labelKeyProblem('a/')).toMatchObject({ rule: 'must not be empty', remedy: 'give it a name' });
  expect(labelKeyProblem('a/b/c')).toHaveProperty('rule');
});

test('the key of a ConfigMap is the name of a file', () => {
  expect(['axon.json', '_x', '.hidden'].map(configKeyProblem)).toEqual([undefined, undefined, undefined]);
  expect(configKeyProblem('')).toMatchObject({ rule: 'must not be empty', remedy: 'give it a name' });
  expect(configKeyProblem('..')).toMatchObject({ rule: "must not be '.' or begin with '..'", remedy: 'rename it' });
  expect(configKeyProblem('a/b')).toMatchObject({ rule: "must consist of letters, digits, '-', '_' and '.'", remedy: "use 'a-b'" });
});
