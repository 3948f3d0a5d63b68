import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { loadAll } from 'js-yaml';
import { LABEL, MANAGED_BY } from '../src/contract/constants';
import { KINDS } from '../src/manifests/manifest';

const ROOT = join(__dirname, '..');

/** The rows of the table kind → file of ARCHITECTURE.md. */
const FILES = new Map(readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8').split('\n')
  .map((line) => /^\| (\w+) \| ([a-z-]+\.ts)[;| ]/.exec(line))
  .flatMap((row) => (row === null ? [] : [[row[1], row[2]] as const])));

const EXPECTED = readdirSync(join(ROOT, 'examples')).map((example) => join(ROOT, 'examples', example, 'expected'))
  .flatMap((folder) => list(folder).map((file) => join(folder, file)));

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

test('ARCHITECTURE.md names a file for each kind that is ever written, and for no other', () => {
  expect([...FILES.keys()].sort()).toEqual(Object.keys(KINDS).sort());
});

test('every object of the library in the examples is of a kind in the table', () => {
  const objects = EXPECTED.flatMap((file) => loadAll(readFileSync(file, 'utf8')) as { kind: string; metadata: { labels?: Record<string, string> } }[])
    .filter(({ metadata }) => metadata.labels?.[LABEL.MANAGED_BY] === MANAGED_BY);

  expect(objects.length).toBeGreaterThan(50);
  expect(objects.map(({ kind }) => kind).filter((kind) => !FILES.has(kind))).toEqual([]);
});

test.each([...FILES])('%s is assembled in %s and nowhere else', (kind, file) => {
  const folder = join(ROOT, 'src', 'manifests');
  const writers = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
    .filter((name) => new RegExp(`kind: '${kind}',\\s+id\\b`).test(readFileSync(join(folder, name), 'utf8')));

  expect(writers).toEqual([file]);
});

test('the library does not load cdk8s-plus-27: its types are enough, and loading it takes longer than all other modules', () => {
  jest.doMock('cdk8s-plus-27', () => {
    throw new Error('cdk8s-plus-27 was loaded');
  });

  jest.isolateModules(() => expect(jest.requireActual('../src')).toHaveProperty('Axon'));
});
