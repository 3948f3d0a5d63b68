// The steps of the gate, in order: what is quick and fails often comes first.
// A step is { name, needs?, run }. `needs` are paths that must exist: the gate fails, and does not skip, what it cannot find.
// `run` throws when it fails. It may return { note } for its line, or { passed, failed, skipped } when it counted tests; anything else is ignored.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileRoot, compileWorkspaces } from '../compile.mjs';
import { checkLinks } from '../docs/check-links.mjs';
import { checkSnippets } from '../docs/check-snippets.mjs';
import { checkImportCycles } from '../import-cycles.mjs';
import { npmBin, ROOT, run } from '../lib/run.mjs';
import { venv } from '../lib/venv.mjs';
import { checkApi, checkProjen } from './generated.mjs';
import { jest, unittest } from './tests.mjs';

export const STEPS = [
  { name: 'projen', run: checkProjen },
  { name: 'contract', needs: ['contract/generate.mjs'], run: () => run([process.execPath, 'contract/generate.mjs', '--check']) },
  { name: 'compile', run: async () => ({ note: (await compileRoot()) ? undefined : 'lib/ was up to date' }) },
  { name: 'api', run: checkApi },
  { name: 'docs:links', run: checkLinks },
  { name: 'docs:snippets', run: checkSnippets },
  { name: 'types', needs: ['runtime/src', 'cli/src', 'test'], run: types },
  { name: 'lint', run: () => run([...npmBin('projen'), 'eslint']) },
  { name: 'cycles', run: checkImportCycles },
  { name: 'jest:constructs', run: () => jest('.') },
  { name: 'jest:runtime', needs: ['runtime/jest.config.mjs'], run: () => jest('runtime', { esm: true }) },
  { name: 'jest:cli', needs: ['cli/jest.config.mjs'], run: () => jest('cli', { esm: true }) },
  { name: 'python:package', needs: ['python/tests'], run: () => unittest(['discover', '-s', 'python/tests'], { env: { PYTHONPATH: 'python/src' } }) },
  { name: 'python:examples', needs: ['examples/digits/code/test_code.py'], run: exampleCode },
  // One at a time: they share the compiled library and the network.
  { name: 'packaging', needs: ['examples/digits/expected'], run: () => jest('.', { args: ['--config', 'test/packaging/jest.config.json'], workers: 1 }) },
];

async function types() {
  await compileWorkspaces({ tests: true });
  await run([...npmBin('tsc'), '--noEmit', '-p', 'test/tsconfig.json']);
}

/** The user code of the examples runs with what their images install. */
async function exampleCode() {
  const folders = readdirSync(join(ROOT, 'examples')).map((name) => `examples/${name}/code`).filter((folder) => existsSync(join(ROOT, folder, 'test_code.py')));
  let passed = 0;
  for (const folder of folders) {
    // By content: examples that need the same share an environment.
    const requirements = readFileSync(join(ROOT, folder, 'requirements-test.txt'), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const python = await venv('examples', { requirements });
    passed += (await unittest(['discover', '-s', folder], { python })).passed;
  }
  return { passed, failed: 0 };
}
