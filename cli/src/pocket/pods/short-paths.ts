import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readlinkSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a shell takes literally without quotes. */
const PLAIN = /^[\w./@%+,:=-]+$/;

/**
 * Other names of folders, for what is put in the place of container paths. Scripts name those without quotes, so spaces must not come in; and
 * sockets in them have at most 104 bytes for a path, which a folder deep in someone's home exceeds. The names are symbolic links in a folder below
 * /tmp that belongs to the user alone.
 */
export class ShortPaths {
  private readonly folder: string;

  constructor(stateDir: string) {
    const parent = isFolder('/tmp') ? '/tmp' : tmpdir();
    this.folder = join(parent, `myelin-${process.getuid?.() ?? 'user'}-${digest(stateDir)}`);
    this.make();
  }

  /** The folder itself if its name is plain, else a short one for it. */
  plain(folder: string): string {
    return PLAIN.test(folder) ? folder : this.short(folder);
  }

  /** A name of at most 60 bytes, the same for the same folder. */
  short(folder: string): string {
    // Machines clear their /tmp while clusters run.
    this.make();
    const link = join(this.folder, digest(folder));
    try {
      symlinkSync(folder, link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || readlinkSync(link) !== folder) throw error;
    }
    return link;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private make(): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const stat = lstatSync(this.folder);
    if (!stat.isDirectory() || (process.getuid !== undefined && stat.uid !== process.getuid())) {
      throw new Error(`'${this.folder}' belongs to someone else, remove it`);
    }
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
