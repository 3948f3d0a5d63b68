import { execFile } from 'node:child_process';
import { lstat, readFile, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { join, posix, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { isExecutable } from './file-tree.js';
import { globExpression, isGlob } from './glob.js';
import { IgnoreFile } from './ignore-file.js';

/** A file or link of the context, by its path relative to it. */
export interface ContextFile {
  readonly path: string;
  /** On this machine. */
  readonly source: string;
  readonly link?: string;
  readonly executable: boolean;
}

/** What a COPY source means: one file, or the files below a folder. */
export interface ContextMatch {
  readonly path: string;
  readonly folder: boolean;
  readonly files: readonly ContextFile[];
}

/**
 * The folder that a build sees. Of a git working tree only what git would give is seen, since the build in the cluster has nothing else:
 * no data that git ignores, no virtual environment, no `.git`. Elsewhere all of it, less what no build wants.
 */
export class BuildContext {
  /** `dockerfile` may have an ignore file of its own, named as it is with `.dockerignore` after; `state` is a folder never to be seen. */
  public static async open(folder: string, options: { readonly dockerfile?: string; readonly state?: string } = {}): Promise<BuildContext> {
    const own = options.dockerfile === undefined ? undefined : await textOf(`${options.dockerfile}.dockerignore`);
    const text = own ?? await textOf(join(folder, '.dockerignore'));
    const state = options.state === undefined ? undefined : await realpath(options.state).catch(() => options.state);
    return new BuildContext(await realpath(folder), new IgnoreFile(text ?? ''), state);
  }

  private paths: Promise<readonly string[]> | undefined;

  private constructor(public readonly folder: string, private readonly ignoreFile: IgnoreFile, private readonly state: string | undefined) {}

  /** What a COPY source names; nothing when there is none. Patterns match in the folders that they name. */
  public async match(source: string): Promise<ContextMatch[]> {
    const path = clean(source);
    const files = await this.listed();
    if (!isGlob(path)) return this.matchOf(path, files);
    const depth = path.split('/').length;
    const expression = globExpression(path, { deep: false });
    const parts = files.map((file) => file.split('/')).filter(({ length }) => length >= depth);
    const heads = new Set(parts.map((names) => names.slice(0, depth).join('/')));
    const found = [...heads].filter((head) => expression.test(head)).sort();
    return (await Promise.all(found.map((each) => this.matchOf(each, files)))).flat();
  }

  /** Why a path that is in the folder is not seen, for a message; undefined when it is not there at all. */
  public async hiddenBecause(source: string): Promise<string | undefined> {
    const path = clean(source);
    if (path === '' || isGlob(path) || await lstat(join(this.folder, path)).catch(() => undefined) === undefined) return undefined;
    return this.ignoreFile.ignores(path) ? '.dockerignore leaves it out' : 'git ignores it, so a build in the cluster would not have it';
  }

  private async matchOf(path: string, files: readonly string[]): Promise<ContextMatch[]> {
    const prefix = path === '' ? '' : `${path}/`;
    const below = files.filter((file) => file.startsWith(prefix) && file !== path);
    if (files.includes(path)) {
      const source = join(this.folder, path);
      const target = await stat(source).catch(() => undefined);
      // A link that COPY names itself is followed; one inside a folder stays a link.
      if (target?.isDirectory()) return this.matchOf(clean(relative(this.folder, await realpath(source)).split(sep).join('/')), files);
      return [{ path, folder: false, files: [{ path, source, executable: isExecutable(target?.mode ?? 0) }] }];
    }
    if (below.length > 0 || path === '') return [{ path, folder: true, files: await Promise.all(below.map((each) => this.file(each))) }];
    const folder = await stat(join(this.folder, path)).catch(() => undefined);
    return folder?.isDirectory() && await this.hiddenFolder(path) === false ? [{ path, folder: true, files: [] }] : [];
  }

  /** Git knows no empty folder: one is taken for what it is only where git does not say what there is. */
  private async hiddenFolder(path: string): Promise<boolean> {
    return this.ignoreFile.ignores(path) || (await readdir(join(this.folder, path))).length > 0;
  }

  private async file(path: string): Promise<ContextFile> {
    const source = join(this.folder, path);
    const found = await lstat(source);
    return { path, source, link: found.isSymbolicLink() ? await readlink(source) : undefined, executable: isExecutable(found.mode) };
  }

  private async listed(): Promise<readonly string[]> {
    this.paths ??= (async () => {
      const all = await gitPaths(this.folder) ?? [''];
      const found = await Promise.all(all.map((path) => this.walk(path)));
      return found.flat().filter((path) => !this.ignoreFile.ignores(path)).sort();
    })();
    return this.paths;
  }

  /** The files at or below a path: git names a submodule, or a repository that is none, by its folder alone. */
  private async walk(path: string): Promise<string[]> {
    const folder = join(this.folder, path);
    const found = await lstat(folder).catch(() => undefined);
    if (found === undefined || this.inState(folder)) return [];
    if (!found.isDirectory()) return found.isFile() || found.isSymbolicLink() ? [path] : [];
    const names = await readdir(folder);
    if (names.includes('pyvenv.cfg')) return [];
    const below = names.filter((name) => name !== '.git' && name !== '__pycache__').map((name) => this.walk(posix.join(path, name)));
    return (await Promise.all(below)).flat();
  }

  private inState(folder: string): boolean {
    return this.state !== undefined && (folder === this.state || folder.startsWith(`${this.state}/`));
  }
}

/** As COPY reads a path: relative to the context, and never out of it. */
function clean(source: string): string {
  return resolve('/', source).slice(1).split(sep).join('/');
}

const run = promisify(execFile);

/** Tracked files and new ones that git does not ignore; undefined outside of a working tree, or where git ignores the folder itself. */
async function gitPaths(folder: string): Promise<string[] | undefined> {
  const git = async (...args: string[]) => (await run('git', ['-C', folder, ...args], { maxBuffer: 256 * 1024 * 1024, timeout: 60_000 })).stdout;
  try {
    const listed = (await git('ls-files', '-z', '--cached', '--others', '--exclude-standard')).split('\0').filter((path) => path !== '');
    if (listed.length > 0) return [...new Set(listed)];
    return undefined;
  } catch {
    // No git, or no working tree.
    return undefined;
  }
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
