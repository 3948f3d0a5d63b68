// Checks that what is generated and committed is what its sources generate today. None of them writes into the work tree.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeApi } from '../api.mjs';
import { npmBin, ROOT, run } from '../lib/run.mjs';

/** A generated file that differs from its sources; ends the gate with the remedy. */
class StaleError extends Error {
  constructor(files, remedy) {
    super(`out of date: ${files.join(', ')}`);
    this.output = `${this.message}\nremedy: ${remedy}, then commit the result`;
  }
}

/** Runs projen in a copy of its inputs and compares every file that it manages. */
export async function checkProjen() {
  const copy = mkdtempSync(join(tmpdir(), 'myelin-projen-'));
  try {
    for (const input of ['.projenrc.ts', 'projenrc', '.projen', 'package.json', 'tsconfig.json']) cpSync(join(ROOT, input), join(copy, input), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    await run([...npmBin('projen'), 'default'], { cwd: copy, env: { PROJEN_DISABLE_POST: 'true', CI: '' } });
    const managed = folder => JSON.parse(read(folder, '.projen/files.json')).files;
    const files = [...new Set([...managed(ROOT), ...managed(copy)])];
    const stale = files.filter(file => read(ROOT, file) !== read(copy, file));
    if (stale.length > 0) throw new StaleError(stale, 'run npx projen');
    return { note: `${files.length} files` };
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** Generates API.md from the compiled assembly beside the committed one. */
export async function checkApi() {
  const folder = mkdtempSync(join(tmpdir(), 'myelin-api-'));
  try {
    await writeApi(join(folder, 'API.md'));
    if (read(folder, 'API.md') !== read(ROOT, 'API.md')) throw new StaleError(['API.md'], 'run npm run docs:api');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function read(folder, file) {
  const path = join(folder, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
