import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS, MyelinError, RETIRED_CODES, shown, type ErrorCode } from '../../src/shared/errors.js';
import { REPOSITORY } from '../fixtures.js';

const SOURCES = join(REPOSITORY, 'runtime/src');
const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && file !== join('shared', 'errors.ts') && !file.startsWith(join('shared', 'error-table')))
  .map((file) => readFileSync(join(SOURCES, file), 'utf8')).join('\n');

const TEMPLATES: [string, { readonly message: string; readonly status?: number }][] = Object.entries(ERRORS);

describe.each(TEMPLATES)('%s', (code, template) => {
  test('is spelt like a code', () => expect(code).toMatch(/^MYELIN(_[A-Z]+)+$/));
  test('is thrown somewhere', () => expect(sources).toContain(`new MyelinError('${code}'`));
  test('is not a retired code', () => expect(RETIRED_CODES).not.toContain(code));
  test('names the offender first, in quotes', () => expect(template.message).toMatch(/^'[^']+' /));
  test('has no final period', () => expect(template.message).not.toMatch(/\.$/));
  test('has places that are all closed', () => expect(template.message.replace(/\{[a-z]+\}/g, '')).not.toMatch(/[{}]/));
  test('has a status of a refused request, or none', () => expect(template.status === undefined || (template.status >= 400 && template.status < 600)).toBe(true));
});

test('no code stands in two rooms, and in each they stand in alphabetical order', () => {
  const tables = readdirSync(join(SOURCES, 'shared', 'error-table')).sort()
    .map((file) => [...readFileSync(join(SOURCES, 'shared', 'error-table', file), 'utf8').matchAll(/^  (MYELIN_\w+):/gm)].map(([, code]) => code));
  expect(tables).toEqual(tables.map((codes) => [...codes].sort()));
  expect(tables.flat().sort()).toEqual(Object.keys(ERRORS).sort());
});

test('retired codes are listed once', () => {
  expect(new Set(RETIRED_CODES).size).toBe(RETIRED_CODES.length);
});

test('every code in the sources is in the table', () => {
  const used = [...sources.matchAll(/MyelinError\('(\w+)'/g)].map(([, code]) => code as ErrorCode);
  expect(used.filter((code) => !(code in ERRORS))).toEqual([]);
});

test('an error carries its code, its filled-in message and its status', () => {
  const error = new MyelinError('MYELIN_DOCUMENT_NOT_JSON', { place: 'axon.json', got: '""', remedy: 'write it again' });
  expect({ ...error, message: error.message }).toEqual({
    name: 'MyelinError', code: 'MYELIN_DOCUMENT_NOT_JSON', status: 400, permanent: true, message: "'axon.json' (\"\") must be JSON, write it again",
  });
});

test('an error without a status is an error of ours', () => {
  expect(new MyelinError('MYELIN_VERSION_WITHOUT_EVENTS', {}).status).toBe(500);
});

test('values are put in as they are, even when they look like places', () => {
  expect(new MyelinError('MYELIN_EVENT_PART_ILL_FORMED', { part: '{got}', got: '$&' }).message).toMatch(/^'\{got\}' \(\$&\) must/);
});

test('long values are cut', () => {
  expect(shown('x'.repeat(100))).toBe(`"${'x'.repeat(56)}...`);
});

test('an absent value is shown as absent', () => {
  expect(shown(undefined)).toBe('absent');
});
