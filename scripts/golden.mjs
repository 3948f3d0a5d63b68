#!/usr/bin/env node
// Writes what is recorded and compared: the manifests of the examples, and the schema for editors.
// usage: node scripts/golden.mjs      read the diff as a reviewer would before you commit it
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
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
