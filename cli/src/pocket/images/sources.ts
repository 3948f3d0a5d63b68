import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { misused } from '../../outcome.js';
import { ClusterLog } from '../controller.js';
import { isAbandoned, ownName } from './build-lock.js';
import { git, gitError, repositoryName, sameRepository } from './git.js';

/** A git artifact of a step. */
export interface GitSource {
  readonly repo: string;
  readonly revision: string;
}

/** Where the code of git artifacts is on this machine. */
export interface Sources {
  /** A folder with the code. It is for reading: it may be the user's own. */
  checkout(source: GitSource): Promise<string>;
}

export interface LaptopSourcesProps {
  /** The state folder of the pocket cluster. */
  readonly stateDir: string;
  readonly log: ClusterLog;
  /** Folders of the axon files: code of a repository that one lies in is taken from there, as it is now. */
  readonly projectDirs: readonly string[];
  /** What `--source NAME=DIR` says: a folder by the name of an artifact, the address of a repository, or the last part of it. */
  readonly folders?: Readonly<Record<string, string>>;
  /** The addresses of repositories by the names of artifacts that have them: of several axons, an artifact each. */
  readonly artifacts?: Readonly<Record<string, readonly string[]>>;
  readonly env?: NodeJS.ProcessEnv;
}

const DRAFT = '.draft-';

/** Code for a laptop: what the user names, the working tree that the axon file lies in, or a clone that is kept. */
export class LaptopSources implements Sources {
  private readonly under = new Map<string, Promise<string>>();
  private readonly told = new Set<string>();
  private readonly folder: string;
  private readonly env: NodeJS.ProcessEnv;

  constructor(private readonly props: LaptopSourcesProps) {
    this.folder = resolve(props.stateDir, 'sources');
    this.env = props.env ?? process.env;
  }

  public async checkout(source: GitSource): Promise<string> {
    const option = [source.repo, source.revision].find((text) => text.startsWith('-'));
    // Git would take it for an option, and some of them run programs.
    if (option !== undefined) throw misused('git', option, 'must be a repository and a revision', 'correct it');
    const named = await this.named(source.repo);
    if (named !== undefined) return named;
    for (const folder of this.props.projectDirs) {
      const own = await this.workingTree(source.repo, folder);
      if (own === undefined) continue;
      this.tell('the working tree stands for a revision', { repository: source.repo, revision: source.revision, folder: own });
      return own;
    }
    const key = `${source.repo} ${source.revision}`;
    const running = this.under.get(key) ?? this.cloned(source).finally(() => this.under.delete(key));
    this.under.set(key, running);
    return running;
  }

  private async named(repository: string): Promise<string | undefined> {
    const { folders = {}, artifacts = {} } = this.props;
    const calledSo = Object.keys(artifacts).filter((name) => artifacts[name].some((one) => sameRepository(one, repository)));
    const names = [repository, repositoryName(repository), ...calledSo];
    const name = Object.keys(folders).find((each) => names.includes(each) || (each.includes('/') && sameRepository(each, repository)));
    if (name === undefined) return undefined;
    const folder = await realpath(folders[name]).catch(() => undefined);
    if (folder === undefined || !(await stat(folder)).isDirectory()) throw misused('--source', `${name}=${folders[name]}`, 'must name a folder', 'correct it');
    return folder;
  }

  /** The root of the working tree that the axon file lies in, if one of its remotes is this repository. */
  private async workingTree(repository: string, folder: string): Promise<string | undefined> {
    try {
      const root = await git(folder, ['rev-parse', '--show-toplevel'], this.env);
      const remotes = await git(root, ['config', '--get-regexp', '^remote\\..*\\.url$'], this.env).catch(() => '');
      const urls = [root, ...remotes.split('\n').map((line) => line.slice(line.indexOf(' ') + 1))];
      return urls.some((url) => sameRepository(url, repository)) || sameRepository(`file://${root}`, repository) ? root : undefined;
    } catch {
      // No git, or no working tree.
      return undefined;
    }
  }

  /** A clone at the revision. A commit is got once; a branch is asked for each time, and the last one known serves while the network is away. */
  private async cloned({ repo, revision }: GitSource): Promise<string> {
    const remembered = join(this.folder, `${hash(`${repo} ${revision}`)}.json`);
    const last: string | undefined = await readFile(remembered, 'utf8').then((text) => JSON.parse(text).commit, () => undefined);
    const kept = last === undefined ? undefined : await this.kept(repo, last);
    if (kept !== undefined && isCommit(revision)) return kept;
    try {
      const commit = await this.commitOf(repo, revision);
      const folder = await this.kept(repo, commit) ?? await this.fetch(repo, revision, commit);
      await writeFile(remembered, JSON.stringify({ repo, revision, commit: commit ?? await git(folder, ['rev-parse', 'HEAD'], this.env) }));
      return folder;
    } catch (e) {
      const error = gitError(e, repo, revision, `say with --source ${repositoryName(repo)}=DIR where its code is on this machine`);
      if (kept === undefined || error.permanent) throw error;
      this.tell('the repository was not reached: its last known revision serves', { repository: repo, revision, commit: last });
      return kept;
    }
  }

  /** The commit of a branch or tag; undefined when only a clone can tell. */
  private async commitOf(repo: string, revision: string): Promise<string | undefined> {
    if (/^[0-9a-f]{40}$/.test(revision)) return revision;
    await mkdir(this.folder, { recursive: true });
    const listed = await git(this.folder, ['ls-remote', repo, revision, `${revision}^{}`], this.env);
    const lines = listed.split('\n').map((line) => line.split('\t')).filter(([, name]) => name !== undefined);
    const rank = (name: string) => (name.endsWith('^{}') ? 0 : name.startsWith('refs/tags/') ? 1 : name.startsWith('refs/heads/') ? 2 : 3);
    return lines.sort(([, a], [, b]) => rank(a) - rank(b))[0]?.[0];
  }

  private async kept(repo: string, commit: string | undefined): Promise<string | undefined> {
    const folder = commit === undefined ? undefined : join(this.folder, hash(`${repo} ${commit}`));
    return folder !== undefined && await stat(folder).catch(() => undefined) !== undefined ? folder : undefined;
  }

  private async fetch(repo: string, revision: string, commit: string | undefined): Promise<string> {
    await this.sweep();
    this.props.log.info('code is fetched', { repository: repo, revision });
    const draft = join(this.folder, ownName(DRAFT));
    try {
      await mkdir(draft, { recursive: true });
      await git(draft, ['init', '--quiet'], this.env);
      await git(draft, ['remote', 'add', 'origin', repo], this.env);
      const wanted = commit ?? revision;
      const found = await git(draft, ['fetch', '--quiet', '--depth', '1', 'origin', wanted], this.env).then(() => 'FETCH_HEAD', async () => {
        // Servers need not hand out a commit by its number, and none does by the first digits of it.
        await git(draft, ['fetch', '--quiet', '--tags', 'origin', '+refs/heads/*:refs/remotes/origin/*'], this.env);
        return wanted;
      });
      await git(draft, ['checkout', '--quiet', '--detach', found, '--'], this.env);
      if (await stat(join(draft, '.gitmodules')).catch(() => undefined) !== undefined) {
        await git(draft, ['submodule', 'update', '--quiet', '--init', '--recursive', '--depth', '1'], this.env);
      }
      const target = join(this.folder, hash(`${repo} ${await git(draft, ['rev-parse', 'HEAD'], this.env)}`));
      await rename(draft, target).catch((e: NodeJS.ErrnoException) => {
        // Another run was quicker.
        if (!/ENOTEMPTY|EEXIST/.test(e.code ?? '')) throw e;
      });
      return target;
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }

  private async sweep(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    for (const name of await readdir(this.folder)) {
      if (isAbandoned(name, DRAFT)) await rm(join(this.folder, name), { recursive: true, force: true });
    }
  }

  private tell(message: string, keys: Readonly<Record<string, unknown>>): void {
    const text = JSON.stringify([message, keys]);
    if (!this.told.has(text)) this.props.log.info(message, keys);
    this.told.add(text);
  }
}

function isCommit(revision: string): boolean {
  return /^[0-9a-f]{7,40}$/.test(revision);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
