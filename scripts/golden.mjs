#!/usr/bin/env node
// Writes what is recorded and compared: the manifests of the examples, the schema for editors, and test/goldens.
// usage: node scripts/golden.mjs      read the diff as a reviewer would before you commit it
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileRoot, compileWorkspaces } from './compile.mjs';
import { npmBin, ROOT, run } from './lib/run.mjs';

await compileRoot();
await compileWorkspaces();

// All examples have the same platform, and platform-team is the same loop as digits: each is recorded once, with digits.
const PLATFORM = join('examples', 'digits', 'expected', 'platform.yaml');
const DIGITS = join('examples', 'digits', 'expected', 'digits.yaml');

for (const example of readdirSync(join(ROOT, 'examples')).sort()) {
  const file = join('examples', example, 'axon.yaml');
  if (existsSync(join(ROOT, file))) {
    const made = join(ROOT, '.work', 'golden', example);
    await run([process.execPath, 'cli/bin/myelin.js', 'synth', file, '-o', made], { cwd: ROOT });
    record(join(made, `${example}.yaml`), join('examples', example, 'expected', `${example}.yaml`));
    if (example === 'digits') {
      record(join(made, 'platform.yaml'), PLATFORM);
    } else {
      compare(join(made, 'platform.yaml'), PLATFORM);
    }
  }
}

const digits = await synthesised('platform-team');
compare(join(digits, 'digits-chart.k8s.yaml'), DIGITS);
compare(join(digits, 'platform.k8s.yaml'), PLATFORM);
for (const program of ['patches', 'shared-cluster']) {
  const made = await synthesised(program);
  for (const file of readdirSync(made)) record(join(made, file), join('examples', program, 'expected', file));
}

const { jsonSchema } = createRequire(import.meta.url)(join(ROOT, 'lib', 'axon-file', 'schema', 'json-schema.js'));
writeFileSync(join(ROOT, 'docs', 'axon-file.schema.json'), `${JSON.stringify(jsonSchema(), undefined, 2)}\n`);
console.log('wrote docs/axon-file.schema.json');

// Emptied first, so that a file without a test does not stay behind.
rmSync(join(ROOT, 'test', 'goldens', 'expected'), { recursive: true, force: true });
await run([...npmBin('jest'), 'test/goldens'], { cwd: ROOT, env: { MYELIN_GOLDENS: 'record' } });
console.log('wrote test/goldens/expected');

/** Runs the main.ts of an example; returns the folder of its manifests. */
async function synthesised(example) {
  const source = join('examples', example);
  const built = join(ROOT, '.work', example);
  await run([...npmBin('tsc'), '--ignoreConfig', '--rootDir', source, '--outDir', built, '--module', 'node16', '--target', 'es2022', '--skipLibCheck',
    '--types', 'node', join(source, 'main.ts')], { cwd: ROOT });
  await run([process.execPath, join(built, 'main.js')], { cwd: ROOT, env: { CDK8S_OUTDIR: join(built, 'dist') } });
  return join(built, 'dist');
}

function record(made, file) {
  mkdirSync(dirname(join(ROOT, file)), { recursive: true });
  copyFileSync(made, join(ROOT, file));
  console.log(`wrote ${file}`);
}

function compare(made, file) {
  if (readFileSync(made, 'utf8') !== readFileSync(join(ROOT, file), 'utf8')) throw new Error(`${made} differs from ${file}`);
}
