import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { BuildError } from './build-error.js';

/** A file of an image before it is written: where its content is. */
export type TreeEntry =
  | { readonly kind: 'folder' }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'file'; readonly source: string | Buffer; readonly sha256: string; readonly executable: boolean };

/** The files of an image by their absolute path in it; nothing is written until the whole is known. */
export class FileTree {
  /** Each folder above an entry is an entry. */
  private readonly entries: Map<string, TreeEntry>;

  constructor(from?: FileTree) {
    this.entries = new Map(from?.entries ?? [['/', { kind: 'folder' }]]);
  }

  public get(path: string): TreeEntry | undefined {
    return this.entries.get(posix.normalize(path).replace(/(?<=.)\/$/, ''));
  }

  public isFolder(path: string): boolean {
    return this.get(path)?.kind === 'folder';
  }

  /** What lies below a folder, by its path relative to it, in the order of paths. */
  public below(folder: string): [path: string, entry: TreeEntry][] {
    const prefix = folder === '/' ? '/' : `${folder}/`;
    return [...this.entries].filter(([path]) => path !== '/' && path.startsWith(prefix))
      .map(([path, entry]): [string, TreeEntry] => [path.slice(prefix.length), entry]).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Puts an entry where none or another one was. */
  public put(path: string, entry: TreeEntry): void {
    const normal = posix.normalize(path).replace(/(?<=.)\/$/, '');
    if (normal !== '/') this.putFolders(posix.dirname(normal));
    const before = this.entries.get(normal);
    if (entry.kind === 'folder' && before?.kind === 'folder') return;
    if (before?.kind === 'folder') this.below(normal).forEach(([path_]) => this.entries.delete(`${normal}/${path_}`));
    this.entries.set(normal, entry);
  }

  /** The content of a file as text, or undefined when there is none. */
  public async read(path: string): Promise<string | undefined> {
    const entry = this.get(path);
    if (entry?.kind === 'link') return this.read(posix.resolve(posix.dirname(path), entry.target));
    if (entry?.kind !== 'file') return undefined;
    return typeof entry.source === 'string' ? readFile(entry.source, 'utf8') : entry.source.toString('utf8');
  }

  /** A hash over all below a folder, or over one file: the same content has the same, wherever it came from. */
  public digest(path: string): string {
    const own = this.get(path);
    const entries = own?.kind === 'folder' ? this.below(path) : own === undefined ? [] : [[posix.basename(path), own] as const];
    const lines = entries.map(([name, entry]) => JSON.stringify([
      name, entry.kind, entry.kind === 'link' ? entry.target : entry.kind === 'file' ? [entry.sha256, entry.executable] : '',
    ]));
    return createHash('sha256').update(lines.join('\n')).digest('hex');
  }

  /** Writes all of it into a folder that stands for `/`. Fails if a source has changed since it was looked at. */
  public async write(root: string): Promise<void> {
    await mkdir(root, { recursive: true });
    for (const [path, entry] of this.below('/')) {
      await writeEntry(join(root, path), path, entry);
    }
  }

  private putFolders(path: string): void {
    if (path !== '/') this.putFolders(posix.dirname(path));
    if (this.entries.get(path)?.kind !== 'folder') this.entries.set(path, { kind: 'folder' });
  }
}

/** Whether a file's mode lets its owner run it. */
export function isExecutable(mode: number): boolean {
  return Math.floor(mode / 0o100) % 2 === 1;
}

/** An entry for a file of this machine. */
export async function fileEntry(source: string, executable: boolean): Promise<TreeEntry> {
  return { kind: 'file', source, sha256: await sha256Of(source), executable };
}

/** An entry for a file with this content. */
export function contentEntry(content: string, executable = false): TreeEntry {
  const source = Buffer.from(content);
  return { kind: 'file', source, sha256: createHash('sha256').update(source).digest('hex'), executable };
}

async function writeEntry(target: string, path: string, entry: TreeEntry): Promise<void> {
  if (entry.kind === 'folder') {
    await mkdir(target, { recursive: true });
  } else if (entry.kind === 'link') {
    // Absolute links mean the image's root, which is a folder here.
    const to = entry.target.startsWith('/') ? posix.relative(posix.dirname(`/${path}`), entry.target) || '.' : entry.target;
    await symlink(to, target);
  } else {
    if (typeof entry.source === 'string') await copyFile(entry.source, target, constants.COPYFILE_FICLONE);
    else await writeFile(target, entry.source);
    await chmod(target, entry.executable ? 0o755 : 0o644);
    if (await sha256Of(target) !== entry.sha256) {
      throw new BuildError(`'/${path}' (${String(entry.source)}) must not change while it is built, build again when it rests`, { permanent: false });
    }
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

