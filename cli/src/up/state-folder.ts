import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { misused, type UsageError } from '../outcome.js';
import { identityOf, isAlive, type ProcessIdentity } from '../pocket/pods/process-identity.js';

/** What a running cluster says of itself, for the commands in other terminals. */
export interface ClusterInfo {
  readonly pid: number;
  readonly startedAt: string;
  /** Base URL of its API, and the token that may do everything. */
  readonly url: string;
  readonly token: string;
  /** Base URL under which models answer. */
  readonly gateway: string;
  /** Base URL under which Services answer, by the host in x-forwarded-host. */
  readonly services: string;
  /** Base URL of the Prometheus API. */
  readonly prometheus: string;
}

/** All that a cluster makes in its folder. */
const OURS = new Set([
  '.gitignore', 'applied.json', 'cluster.json', 'cluster.log', 'demo', 'envs', 'gateway.json', 'images', 'metrics', 'objects', 'owner.json', 'pods', 'sources', 'tools', 'up.log',
  'volumes',
]);

/** The folder with everything of a laptop cluster; one cluster a folder. */
export class StateFolder {
  public readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  /** The cluster that runs here, if one does. */
  public running(): ClusterInfo | undefined {
    const info = this.read<ClusterInfo>('cluster.json');
    return info !== undefined && this.owner()?.pid === info.pid ? info : undefined;
  }

  /** Makes the folder. Throws when another cluster has it, or when it is none of a cluster: things in it might get lost. */
  public make(): void {
    const other = this.owner();
    if (other !== undefined && other.pid !== process.pid) {
      throw misused('state', this.path, `belongs to the cluster that runs as process ${other.pid}`, "stop it with 'myelin down', or name another folder with --state");
    }
    const foreign = this.foreign();
    if (foreign !== undefined) {
      throw foreign;
    }
    try {
      mkdirSync(this.path, { recursive: true, mode: 0o700 });
      // It holds a token, and nothing that belongs into a repository.
      writeFileSync(join(this.path, '.gitignore'), '*\n');
    } catch (e) {
      throw misused('state', this.path, `cannot be written (${(e as NodeJS.ErrnoException).code})`, 'name another folder with --state');
    }
  }

  /** Makes the folder and takes it for this process, until it leaves. Throws as `make` does. */
  public take(): void {
    const mine = JSON.stringify(identityOf(process.pid) ?? { pid: process.pid, startedAt: '' });
    for (;;) {
      this.make();
      const path = join(this.path, 'owner.json');
      try {
        writeFileSync(path, mine, { flag: 'wx', mode: 0o600 });
        return;
      } catch (e) {
        if ((e as NodeJS.ErrnoException).code !== 'EEXIST') {
          throw misused('state', this.path, `cannot be written (${(e as NodeJS.ErrnoException).code})`, 'name another folder with --state');
        }
        if (this.owner()?.pid === process.pid) {
          return;
        }
        // Of a cluster that was killed; one that has just started is found by the next look.
        if (this.owner() === undefined) {
          rmSync(path, { force: true });
        }
      }
    }
  }

  public announce(info: ClusterInfo): void {
    this.write('cluster.json', info);
  }

  public leave(): void {
    ['cluster.json', 'owner.json'].forEach((file) => rmSync(join(this.path, file), { force: true }));
  }

  public exists(): boolean {
    return existsSync(this.path);
  }

  /** The port under which models answered here before: addresses should outlive a restart. */
  public lastPort(): number | undefined {
    return this.read<{ port: number }>('gateway.json')?.port;
  }

  public rememberPort(gateway: string): void {
    this.write('gateway.json', { port: Number(new URL(gateway).port) });
  }

  /** Removes what was run here, but not what costs time and is the same again: images and Python environments. */
  public startOver(): void {
    ['objects', 'volumes', 'pods', 'metrics'].forEach((folder) => rmSync(join(this.path, folder), { recursive: true, force: true }));
    rmSync(join(this.path, 'applied.json'), { force: true });
  }

  /** Removes everything, data and models too. Throws when there is something in it that no cluster made. */
  public remove(): void {
    const foreign = this.foreign();
    if (foreign !== undefined) {
      throw foreign;
    }
    rmSync(this.path, { recursive: true, force: true });
  }

  public read<T>(file: string): T | undefined {
    try {
      return JSON.parse(readFileSync(join(this.path, file), 'utf8'));
    } catch {
      // Absent, or half written by a process that was killed: then it says nothing.
      return undefined;
    }
  }

  public write(file: string, value: unknown): void {
    const path = join(this.path, file);
    writeFileSync(`${path}.tmp`, JSON.stringify(value, undefined, 2), { mode: 0o600 });
    chmodSync(`${path}.tmp`, 0o600);
    renameSync(`${path}.tmp`, path);
  }

  /** The process that has the folder, if it still runs. */
  private owner(): ProcessIdentity | undefined {
    const owner = this.read<ProcessIdentity>('owner.json');
    return owner !== undefined && isAlive(owner) ? owner : undefined;
  }

  private foreign(): UsageError | undefined {
    try {
      const name = readdirSync(this.path).find((entry) => !OURS.has(entry.replace(/\.tmp$/, '')));
      return name === undefined ? undefined : misused('state', this.path, `holds '${name}', which no cluster has made`, 'name another folder with --state');
    } catch (e) {
      const { code } = e as NodeJS.ErrnoException;
      return code === 'ENOENT' ? undefined : misused('state', this.path, code === 'ENOTDIR' ? 'is no folder' : `cannot be read (${code})`, 'name another with --state');
    }
  }
}
