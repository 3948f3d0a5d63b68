import { readdir, rmdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes the segments below the folder that were last written before a time, and folders of versions that are empty then. Every server
 * of the model does so, whoever wrote them: those of retired versions have nobody else. Returns their paths.
 *
 * @param before milliseconds since 1970
 * @param kept a segment that stays, because it is being written
 */
export async function removeOldSegments(folder: string, before: number, kept: string | undefined): Promise<string[]> {
  const removed: string[] = [];
  for (const version of await readdir(folder, { withFileTypes: true })) {
    if (!version.isDirectory()) continue;
    const path = join(folder, version.name);
    for (const name of await readdir(path)) {
      const segment = join(path, name);
      if (!name.endsWith('.jsonl') || segment === kept) continue;
      // Another server may be at it too.
      const written = await stat(segment).then(({ mtimeMs }) => mtimeMs, () => Infinity);
      if (written < before && await unlink(segment).then(() => true, () => false)) removed.push(segment);
    }
    await rmdir(path).catch(() => {});
  }
  return removed;
}
