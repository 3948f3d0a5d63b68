import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digest } from './digest.mjs';
import { ROOT, run } from './run.mjs';

/** The interpreter for everything in Python; 3.11 or newer. */
export const PYTHON = process.env.PYTHON ?? 'python3';

/**
 * A virtual environment under .work/venv/, made on first use and kept as long
 * as interpreter and requirements stay the same. Returns its python.
 *
 * `requirements` are requirement lines; `files` are requirement files.
 */
export async function venv(name, { requirements = [], files = [] }) {
  const version = await run([PYTHON, '-c', 'import sys; print(sys.version); sys.exit(sys.version_info < (3, 11))']);
  const folder = join(ROOT, '.work', 'venv', `${name}-${digest(files, version, ...requirements).slice(0, 12)}`);
  const python = join(folder, 'bin', 'python');
  const complete = join(folder, '.complete');
  if (existsSync(complete)) return python;

  forget(name);
  await run([PYTHON, '-m', 'venv', folder]);
  const wanted = [...requirements, ...files.flatMap(file => ['-r', file])];
  if (wanted.length > 0) await run([python, '-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', ...wanted]);
  // Last, so that an interrupted installation starts afresh.
  writeFileSync(complete, '');
  return python;
}

/** Removes the environments of earlier requirements. */
function forget(name) {
  const folder = join(ROOT, '.work', 'venv');
  mkdirSync(folder, { recursive: true });
  const former = new RegExp(`^${name}-[0-9a-f]{12}$`);
  for (const entry of readdirSync(folder).filter(entry => former.test(entry))) rmSync(join(folder, entry), { recursive: true });
}
