import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run.mjs';

/** All files at or under a path, relative to the root, sorted; nothing when there is no such path. */
export function filesUnder(path) {
  const full = join(ROOT, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  return readdirSync(full, { withFileTypes: true })
    .filter(entry => entry.name !== 'node_modules')
    .flatMap(entry => filesUnder(join(path, entry.name)))
    .sort();
}

/** One hash over names and contents of everything at or under the paths. */
export function digest(paths, ...extra) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesUnder)) hash.update(`${file}\0`).update(readFileSync(join(ROOT, file))).update('\0');
  return hash.update(extra.join('\0')).digest('hex');
}
