import { checkDocument, readDocument, type DocumentName } from '../../src/contract/read.js';
import { SCHEMAS } from '../../src/contract/schemas.js';
import { MyelinError } from '../../src/shared/errors.js';
import { contractFiles, contractJson, contractText } from '../fixtures.js';

const DOCUMENTS = Object.keys(SCHEMAS).filter((name) => name !== 'common') as DocumentName[];

function thrownBy(action: () => unknown): MyelinError {
  try {
    action();
  } catch (error) {
    if (error instanceof MyelinError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe.each(DOCUMENTS)('the document %s', (name) => {
  test.each(contractFiles('fixtures', name))('is valid as in %s', (file) => {
    const text = contractText('fixtures', name, `${file}.json`);
    expect(readDocument(name, text, file)).toEqual(JSON.parse(text));
  });

  test.each(contractFiles('fixtures', name, 'invalid'))('is refused as in %s', (file) => {
    const { document, error } = contractJson('fixtures', name, 'invalid', `${file}.json`);
    expect(thrownBy(() => checkDocument(name, document, 'fixture')).message).toBe(error);
  });

  test('every key is described', () => {
    const undescribed = Object.entries(SCHEMAS[name].$defs as Record<string, any>).flatMap(([definition, { properties }]) =>
      Object.entries<any>(properties ?? {}).filter(([, property]) => !property.description && !property.$ref).map(([key]) => `${definition}.${key}`));
    expect(undescribed).toEqual([]);
  });

  test('every object is closed, or says of what its values are', () => {
    const open = Object.entries(SCHEMAS[name].$defs as Record<string, any>)
      .filter(([, { type, oneOf, additionalProperties }]) => type === 'object' && !oneOf && additionalProperties === undefined).map(([definition]) => definition);
    expect(open).toEqual([]);
  });
});

test('every document has valid and invalid fixtures', () => {
  const without = DOCUMENTS.filter((name) => contractFiles('fixtures', name).length === 0 || contractFiles('fixtures', name, 'invalid').length === 0);
  expect(without).toEqual([]);
});

test.each(['constants', 'metrics', 'environment'] as const)('contract/%s.json is valid', (name) => {
  expect(() => readDocument(name, contractText(`${name}.json`), `contract/${name}.json`)).not.toThrow();
});

test('fails if the text is no JSON', () => {
  const error = thrownBy(() => readDocument('axon', '{"axon": digits', 'digits-axon/axon.json'));
  expect(error.message).toBe(
    "'digits-axon/axon.json' (\"{\\\"axon\\\": digits\") must be JSON, synthesise and apply it again with the construct library of this release");
  expect(error.cause).toBeInstanceOf(SyntaxError);
});

test('fails if the text is empty', () => {
  expect(thrownBy(() => readDocument('trial-result', '', 'result.json')).message)
    .toBe("'result.json' (\"\") must be JSON, remove it and the trial runs again");
});

test('fails if a number is too large to be finite', () => {
  const text = contractText('fixtures', 'trial-result', 'succeeded.json').replace('-0.975', '-1e999');
  expect(thrownBy(() => readDocument('trial-result', text, 'result.json')).message).toContain("'loss' (null) must be of type number");
});

test('every mistake is told once', () => {
  const found = thrownBy(() => checkDocument('axon', { contract: 1 }, 'axon.json')).message.match(/'\w+' \(absent\)/g);
  expect(found).toEqual(['axon', 'ledger', 'models', 'namespace', 'releases', 'sensors', 'store', 'tasks'].map((key) => `'${key}' (absent)`));
});

test('the message names the place, and the status is the sender\'s fault', () => {
  const error = thrownBy(() => readDocument('release', '{}', 'digits-releases/releases.json'));
  expect(error.message).toMatch(/^'digits-releases\/releases.json' is no valid release document: 'axon' \(absent\) is required; /);
  expect(error.status).toBe(400);
});
