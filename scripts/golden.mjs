#!/usr/bin/env node
// Writes what is recorded and compared: the manifests of the examples, the schema for editors, and test/goldens.
// usage: node scripts/golden.mjs      read the diff as a reviewer would before you commit it
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileRoot, compileWorkspaces } from './compile.mjs';
import { npmBin, ROOT, run } from './lib/run.mjs';

await compileRoot();
await compileWorkspaces();

for (const example of readdirSync(join(ROOT, 'examples'))) {
  const file = join('examples', example, 'axon.yaml');
  if (existsSync(join(ROOT, file))) {
    console.log((await run([process.execPath, 'cli/bin/myelin.js', 'synth', file, '-o', join('examples', example, 'expected')], { cwd: ROOT })).trimEnd());
  }
}

const program = join('examples', 'platform-team');
const built = join(ROOT, '.work', 'platform-team');
await run([...npmBin('tsc'), '--ignoreConfig', '--outDir', built, '--module', 'node16', '--target', 'es2022', '--skipLibCheck', '--types', 'node',
  join(program, 'main.ts')], { cwd: ROOT });
await run([process.execPath, join(built, 'main.js')], { cwd: ROOT, env: { CDK8S_OUTDIR: join(ROOT, program, 'expected') } });
console.log(`wrote ${join(program, 'expected')}`);

const { jsonSchema } = createRequire(import.meta.url)(join(ROOT, 'lib', 'axon-file', 'schema', 'json-schema.js'));
writeFileSync(join(ROOT, 'docs', 'axon-file.schema.json'), `${JSON.stringify(jsonSchema(), undefined, 2)}\n`);
console.log('wrote docs/axon-file.schema.json');

// Emptied first, so that a file without a test does not stay behind.
rmSync(join(ROOT, 'test', 'goldens', 'expected'), { recursive: true, force: true });
await run([...npmBin('jest'), 'test/goldens'], { cwd: ROOT, env: { MYELIN_GOLDENS: 'record' } });
console.log('wrote test/goldens/expected');
