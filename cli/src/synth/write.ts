import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { misused } from '../outcome.js';
import type { Manifest } from './manifests.js';

export interface Written {
  readonly path: string;
  readonly changed: boolean;
  readonly manifest: Manifest;
}

/**
 * Writes files into a folder: first all beside their places, then each is moved there. A full disk or a
 * killed process leaves no half file. A file that would not change is left alone.
 */
export function writeAll(folder: string, manifests: Manifest[]): Written[] {
  const files = manifests.map((manifest) => ({ manifest, path: join(folder, manifest.file), temporary: join(folder, `.${manifest.file}.${process.pid}.tmp`) }));
  try {
    mkdirSync(folder, { recursive: true });
    const changed = files.filter(({ path, manifest }) => textOf(path) !== manifest.text);
    changed.forEach(({ temporary, manifest }) => writeFileSync(temporary, manifest.text));
    changed.forEach(({ temporary, path }) => renameSync(temporary, path));
    return files.map((file) => ({ path: file.path, manifest: file.manifest, changed: changed.includes(file) }));
  } catch (e) {
    files.forEach(({ temporary }) => removed(temporary));
    throw misused('output', folder, `cannot be written to (${(e as NodeJS.ErrnoException).code ?? (e as Error).message})`, 'name a folder that you may write to');
  }
}

/** Removes what there may be: where nothing could be written, nothing can be removed either. */
function removed(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The failure that is told is the one before.
  }
}

/** The text of a file; undefined where there is none that can be read. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
