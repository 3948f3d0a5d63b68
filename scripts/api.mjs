#!/usr/bin/env node
// Writes API.md, or the file given, from the compiled library.
// usage: node scripts/api.mjs [FILE]
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { npmBin, ROOT, run } from './lib/run.mjs';

/**
 * jsii-docgen looks for assemblies in every folder below the project and
 * follows links. node_modules/cdk8s-myelin links to the root, for the
 * workspaces' sake, so that it would walk in circles until the system stops it.
 * It therefore works in a folder that holds the assembly and its peers alone.
 */
export async function writeApi(file) {
  const folder = mkdtempSync(join(tmpdir(), 'myelin-api-'));
  try {
    for (const input of ['package.json', '.jsii']) copyFileSync(join(ROOT, input), join(folder, input));
    for (const peer of Object.keys(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).peerDependencies)) {
      const link = join(folder, 'node_modules', peer);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules', peer), link);
    }
    await run([...npmBin('jsii-docgen'), '-o', resolve(file)], { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await writeApi(process.argv[2] ?? join(ROOT, 'API.md'));
  } catch (error) {
    console.error(error.output ?? error);
    process.exitCode = 1;
  }
}
