import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTRACT, REPOSITORY } from '../fixtures.js';

/** Code that both sides run. */
const CODE = ['nearest.ts', 'placeholders.ts', 'rung-budgets.ts'];

const GENERATED = [
  'src/contract/constants.ts',
  'src/contract/documents.ts',
  'src/contract/names.ts',
  'runtime/src/contract/constants.ts',
  'runtime/src/contract/documents.ts',
  'runtime/src/contract/names.ts',
  'runtime/src/contract/schemas.ts',
  ...['src/contract', 'runtime/src/contract'].flatMap((folder) => CODE.map((file) => `${folder}/${file}`)),
];

function generate(root: string, ...args: string[]) {
  return spawnSync(process.execPath, [join(root, 'contract/generate.mjs'), ...args], { encoding: 'utf8' });
}

test('the generated files match the schemas', () => {
  const { status, stderr } = generate(REPOSITORY, '--check');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

describe('in a copy of the repository', () => {
  let copy: string;

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'contract-'));
    cpSync(CONTRACT, join(copy, 'contract'), { recursive: true });
    symlinkSync(join(REPOSITORY, 'node_modules'), join(copy, 'node_modules'));
  });
  afterAll(() => rmSync(copy, { recursive: true }));

  test('generating writes the committed bytes', () => {
    expect(generate(copy).status).toBe(0);
    const differing = GENERATED.filter((path) => readFileSync(join(copy, path), 'utf8') !== readFileSync(join(REPOSITORY, path), 'utf8'));
    expect(differing).toEqual([]);
  });

  test('fails if a generated file was edited, and names it and the remedy', () => {
    // GIVEN
    generate(copy);
    writeFileSync(join(copy, GENERATED[2]!), '// edited\n');
    // WHEN
    const { status, stderr } = generate(copy, '--check');
    // THEN
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'src/contract/names.ts does not match contract/, run `node contract/generate.mjs`\n',
    });
  });

  test.each([
    ['a reference to no constant', { value: '<NOWHERE>/x' }, "'<NOWHERE>' of 'ODD' is no constant above it, add it or correct the name"],
    ['a function in upper case', { value: 'x-<task>' }, "'ODD' must be upper case as a constant and camel case as a function"],
    ['a constant without a value', {}, "'ODD' must have exactly one of 'value', 'pattern' and 'schema'"],
    ['a pattern that no schema has', { schema: 'Nothing' }, "'Nothing' of 'ODD' is no definition with a pattern in common.schema.json, add it or correct the name"],
  ])('fails if constants.json has %s', (_, odd, message) => {
    // GIVEN
    const path = join(copy, 'contract/constants.json');
    const text = readFileSync(path, 'utf8');
    const document = JSON.parse(text);
    document.groups[0].constants.push({ name: 'ODD', description: 'Odd.', ...odd });
    writeFileSync(path, JSON.stringify(document));
    // WHEN
    const { status, stderr } = generate(copy);
    writeFileSync(path, text);
    // THEN
    expect(status).toBe(1);
    expect(stderr).toContain(`Error: ${message}\n`);
  });

  test.each([
    ['a reference to no constant', { value: '<NOWHERE>/x' }, "'<NOWHERE>' of 'ODD' in environment.json is no text in constants.json, add it or correct the name"],
    ['a value and an example', { value: 'x', example: 'x' }, "'ODD' in environment.json must have either 'value' or 'example'"],
    ['no value and no example', {}, "'ODD' in environment.json must have either 'value' or 'example'"],
  ])('fails if a variable has %s', (_, odd, message) => {
    // GIVEN
    const path = join(copy, 'contract/environment.json');
    const text = readFileSync(path, 'utf8');
    const document = JSON.parse(text);
    document.variables.push({ name: 'ODD', description: 'Odd.', kinds: ['container'], ...odd });
    writeFileSync(path, JSON.stringify(document));
    // WHEN
    const { status, stderr } = generate(copy);
    writeFileSync(path, text);
    // THEN
    expect(status).toBe(1);
    expect(stderr).toContain(`Error: ${message}\n`);
  });
});

test('both sides have the same types, names, constants and code', () => {
  for (const file of ['constants.ts', 'documents.ts', 'names.ts', ...CODE]) {
    expect(readFileSync(join(REPOSITORY, 'runtime/src/contract', file), 'utf8')).toBe(readFileSync(join(REPOSITORY, 'src/contract', file), 'utf8'));
  }
});
