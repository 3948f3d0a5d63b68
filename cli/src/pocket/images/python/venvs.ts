import { createHash } from 'node:crypto';
import { access, cp, link, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildError, reasonOf } from '../build-error.js';
import { isAbandoned, ownName, withLock } from '../build-lock.js';
import { Python, versionNotice } from './interpreter.js';
import { ProgramFailed, pipEnvironment, pipError, runProgram } from './pip.js';
import { Install } from './requirements.js';

/** An environment that is ready to use. */
export interface Venv {
  readonly folder: string;
  readonly bin: string;
}

export interface VenvRequest {
  readonly python: Python;
  /** The version that the image has, for messages. */
  readonly wanted: string | undefined;
  readonly installs: readonly VenvInstall[];
}

export interface VenvInstall extends Install {
  /** A hash of the image's files that it installs from. */
  readonly localDigest?: string;
  /** Writes the files of the image into a folder; asked only if something is installed from them. */
  readonly write?: (folder: string) => Promise<void>;
}

/** How the making of an environment is told. */
export interface VenvOptions {
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

const BUILD = 'build-';

const NO_PIP = '#!/bin/sh\necho "pip: this image has no packages, install those it needs with RUN pip install in its Dockerfile" >&2\nexit 1\n';

/**
 * The environments below `envs/`: `envs/<key>/complete.json` names the folder beside it that holds the whole one. Environments cannot be moved once made,
 * so each is made where it stays, under a name of its own, and becomes the one of its key by that file, or is thrown away.
 */
export class Venvs {
  constructor(private readonly folder: string, private readonly env: NodeJS.ProcessEnv) {}

  /** The environment with these packages; made if there is none. Images with the same packages share one. */
  public async ensure(request: VenvRequest, options: VenvOptions = {}): Promise<Venv> {
    const home = join(this.folder, keyOf(request));
    const there = await complete(home);
    if (there !== undefined) return there;
    const onWait = () => options.onLine?.('another build makes the environment with the same packages: waiting for it');
    return withLock(`${home}.lock`, async () => await complete(home) ?? this.make(home, request, options), { onWait, signal: options.signal });
  }

  private async make(home: string, request: VenvRequest, options: VenvOptions): Promise<Venv> {
    const started = Date.now();
    await this.sweep(home);
    const folder = join(home, ownName(BUILD));
    try {
      await mkdir(folder, { recursive: true });
      await this.create(folder, request, options);
      for (const index of request.installs.keys()) await this.install(folder, index, request, options);
      await publish(home, folder);
    } catch (e) {
      await rm(folder, { recursive: true, force: true });
      throw noSpace(e) ?? e;
    }
    const made = await complete(home);
    if (made === undefined) throw new BuildError(`'${home}' (removed while it was made) must stay until the build is done, build again`, { permanent: false });
    options.onLine?.(`environment ready after ${((Date.now() - started) / 1000).toFixed(1)} s: ${made.folder}`);
    return made;
  }

  private async create(folder: string, { python, installs }: VenvRequest, { onLine, signal }: VenvOptions): Promise<void> {
    onLine?.(`making an environment with Python ${python.version}`);
    // Without packages pip is of no use, and takes most of the time.
    const args = ['-m', 'venv', ...(installs.length === 0 ? ['--without-pip'] : []), folder];
    try {
      await runProgram(python.executable, args, { cwd: folder, env: pipEnvironment(this.env), signal });
      // Without one of its own, a `pip` in the image would be that of the user, and change the user's Python.
      if (installs.length === 0) for (const name of ['pip', 'pip3']) await writeFile(join(folder, 'bin', name), NO_PIP, { mode: 0o755 });
    } catch (e) {
      if (!(e instanceof ProgramFailed)) throw e;
      const text = e.tail.join('\n');
      if (/ensurepip|python3[\d.]*-venv|No module named venv/.test(text)) {
        const rule = 'must be able to make environments';
        throw new BuildError(`'${python.executable}' (without venv) ${rule}, install its package, as 'apt install python3-venv'`, { cause: e });
      }
      const said = e.tail.slice(-8).map((line) => `\n  ${line}`).join('');
      throw new BuildError(`'${python.executable}' (-m venv) must make an environment, see what it says:${said}`, { permanent: false, cause: e });
    }
  }

  private async install(folder: string, index: number, { python, wanted, installs }: VenvRequest, { onLine, signal }: VenvOptions): Promise<void> {
    const install = installs[index];
    const files = join(folder, 'myelin', String(index));
    const root = join(files, 'root');
    await mkdir(root, { recursive: true });
    if (install.local.length > 0) await install.write?.(root);
    const filled = (line: string) => line.replaceAll('{root}', root);
    await writeFile(join(files, 'requirements.txt'), [...install.options, ...install.requirements].map((line) => `${filled(line)}\n`).join(''));
    await writeFile(join(files, 'constraints.txt'), install.constraints.map((line) => `${line}\n`).join(''));
    const args = ['-m', 'pip', 'install', '--disable-pip-version-check', '-r', 'requirements.txt',
      ...(install.constraints.length > 0 ? ['-c', 'constraints.txt'] : [])];
    onLine?.(`pip install ${install.requirements.join(' ')}`);
    try {
      await runProgram(join(folder, 'bin', 'python'), args, { cwd: files, env: pipEnvironment(this.env), onLine, signal });
    } catch (e) {
      if (!(e instanceof ProgramFailed)) throw e;
      throw pipError(e, { notice: versionNotice(wanted, python), packages: install.requirements.join(' ') });
    }
    await rm(root, { recursive: true, force: true });
  }

  /** What killed builds left behind. */
  private async sweep(home: string): Promise<void> {
    const names: string[] = await readdir(home).catch(() => []);
    for (const name of names) {
      if (isAbandoned(name, BUILD)) await rm(join(home, name), { recursive: true, force: true });
    }
    // What is there names a folder that is gone or moved.
    if (names.includes('complete.json') && await complete(home) === undefined) await rm(join(home, 'complete.json'), { force: true });
  }
}

/** The same packages for the same Python have the same key, whatever the order of lines or the names of files. */
function keyOf({ python, installs }: VenvRequest): string {
  const content = installs.map(({ requirements, options, constraints, localDigest }) => ({ requirements, options, constraints, localDigest }));
  return createHash('sha256').update(JSON.stringify({ python: python.id, installs: content })).digest('hex').slice(0, 16);
}

async function complete(home: string): Promise<Venv | undefined> {
  try {
    const { folder } = JSON.parse(await readFile(join(home, 'complete.json'), 'utf8'));
    // Scripts in it name where it lies, and it leans on a Python that may have gone.
    if (!folder.startsWith(`${home}/`)) return undefined;
    await access(join(folder, 'bin', 'python'));
    return { folder, bin: join(folder, 'bin') };
  } catch {
    return undefined;
  }
}

async function publish(home: string, folder: string): Promise<void> {
  const draft = join(folder, 'complete.json');
  await writeFile(draft, JSON.stringify({ folder }));
  try {
    await link(draft, join(home, 'complete.json'));
  } catch (e) {
    // Another build was quicker: its environment counts.
    if ((e as NodeJS.ErrnoException).code !== 'EEXIST') throw e;
    await rm(folder, { recursive: true, force: true });
  }
}

function noSpace(error: unknown): BuildError | undefined {
  return (error as NodeJS.ErrnoException).code !== 'ENOSPC' ? undefined
    : new BuildError(`'.myelin' (${reasonOf(error)}) needs space on the disk, free some and run again`, { permanent: false, cause: error });
}

/** Copies what an image was made of, for an install from its files when only the image is left. */
export async function copyRoot(root: string, folder: string): Promise<void> {
  if (await stat(root).catch(() => undefined) !== undefined) await cp(root, folder, { recursive: true, verbatimSymlinks: true });
}
