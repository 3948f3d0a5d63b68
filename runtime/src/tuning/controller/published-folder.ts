import { randomBytes } from 'node:crypto';
import { copyFile, link, mkdir, readdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { LOOP_FOLDER } from '../study/study-folder.js';

/**
 * Puts all files of a configuration's folder into the run's folder, but for those of the loop: by hard links where the file system has
 * them, else by copies. Each file appears whole or not at all; done again after a kill, it does the rest, and leaves nothing else behind.
 *
 * @param staging a folder of its own on the same file system, where files are made before they are moved; it is removed
 */
export async function publishFolder(from: string, to: string, staging: string): Promise<void> {
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  await publishEntries(from, to, staging);
  await rm(staging, { recursive: true, force: true });
}

async function publishEntries(from: string, to: string, staging: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (entry.name === LOOP_FOLDER) continue;
    const [source, target, made] = [join(from, entry.name), join(to, entry.name), join(staging, randomBytes(8).toString('hex'))];
    if (entry.isDirectory()) {
      await publishEntries(source, target, staging);
    } else if (entry.isSymbolicLink()) {
      await symlink(await readlink(source), made);
      await rename(made, target);
    } else if (entry.isFile() && !await isSame(source, target)) {
      // Refused for another owner's file, or by a file system that has no links.
      await link(source, made).catch(async () => copyFile(source, made));
      await rename(made, target);
    }
    // Sockets and pipes are of no use to whoever comes later.
  }
}

/** Whether both names are of one file: renaming one onto the other would then leave both. */
async function isSame(source: string, target: string): Promise<boolean> {
  const [a, b] = await Promise.all([stat(source), stat(target).catch(() => undefined)]);
  return b !== undefined && a.ino === b.ino && a.dev === b.dev;
}
