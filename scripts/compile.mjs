#!/usr/bin/env node
// Compiles what changed: the construct library with jsii into lib/, then the workspaces with tsc -b into their dist/.
// usage: node scripts/compile.mjs [root]      'root' leaves the workspaces out
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { digest, filesUnder } from './lib/digest.mjs';
import { npmBin, ROOT, run } from './lib/run.mjs';

/** All that jsii reads: the readme becomes part of the assembly. */
const INPUTS = ['src', 'package.json', 'tsconfig.json', 'README.md'];
const STAMP = join(ROOT, '.work', 'compiled');

/** The workspaces with a TypeScript project, in the order of their dependencies. */
const WORKSPACES = ['runtime', 'cli'];

/** Runs jsii unless lib/ was made from these very inputs; returns whether it ran. */
export async function compileRoot() {
  const inputs = digest(INPUTS);
  const built = existsSync(join(ROOT, '.jsii')) && existsSync(join(ROOT, 'lib', 'index.js'));
  if (built && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === inputs) return false;

  rmSync(STAMP, { force: true });
  await run([...npmBin('jsii'), '--silence-warnings=reserved-word'], { env: { JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1' } });
  dropOrphans();
  mkdirSync(join(ROOT, '.work'), { recursive: true });
  writeFileSync(STAMP, inputs);
  return true;
}

/** tsc -b keeps its own account of what changed. `tests` also type-checks the tests. */
export async function compileWorkspaces({ tests = false } = {}) {
  const projects = WORKSPACES.flatMap(workspace => [workspace, ...(tests ? [`${workspace}/test`] : [])]);
  await run([...npmBin('tsc'), '-b', ...projects]);
}

/** jsii leaves the output of deleted sources behind, and npm would publish it. */
function dropOrphans() {
  for (const file of filesUnder('lib')) {
    const source = file.replace(/^lib/, 'src').replace(/(\.d\.ts|\.js)$/, '');
    if (/(\.d\.ts|\.js)$/.test(file) && !existsSync(join(ROOT, `${source}.ts`))) rmSync(join(ROOT, file));
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const ran = await compileRoot();
    console.log(ran ? 'lib/ compiled' : 'lib/ is up to date');
    if (process.argv[2] !== 'root') await compileWorkspaces();
  } catch (error) {
    console.error(error.output ?? error);
    process.exitCode = 1;
  }
}
