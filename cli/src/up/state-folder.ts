import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { misused } from '../outcome.js';

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

/** The folder with everything of a laptop cluster; one cluster a folder. */
export class StateFolder {
  public readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  /** The cluster that runs here, if one does. */
  public running(): ClusterInfo | undefined {
    const info = this.read<ClusterInfo>('cluster.json');
    return info !== undefined && isAlive(info.pid) ? info : undefined;
  }

  /** Makes the folder and takes it for this process. Throws when another cluster has it. */
  public take(): void {
    const other = this.running();
    if (other !== undefined) {
      throw misused('state', this.path, `belongs to the cluster that runs as process ${other.pid}`, "stop it with 'myelin down', or name another folder with --state");
    }
    try {
      mkdirSync(this.path, { recursive: true, mode: 0o700 });
      // It holds a token, and nothing that belongs into a repository.
      writeFileSync(join(this.path, '.gitignore'), '*\n');
    } catch (e) {
      throw misused('state', this.path, `cannot be written (${(e as NodeJS.ErrnoException).code})`, 'name another folder with --state');
    }
  }

  public announce(info: ClusterInfo): void {
    this.write('cluster.json', info);
  }

  public leave(): void {
    rmSync(join(this.path, 'cluster.json'), { force: true });
  }

  public exists(): boolean {
    return existsSync(this.path);
  }

  /** The port under which models answered here before, if it is free: addresses should outlive a restart. */
  public async lastPort(): Promise<number | undefined> {
    const port = this.read<{ port: number }>('gateway.json')?.port;
    return port !== undefined && await isFree(port) ? port : undefined;
  }

  public rememberPort(gateway: string): void {
    this.write('gateway.json', { port: Number(new URL(gateway).port) });
  }

  /** Removes what was run here, but not what costs time and is the same again: images and Python environments. */
  public startOver(): void {
    ['objects', 'volumes', 'pods', 'metrics'].forEach((folder) => rmSync(join(this.path, folder), { recursive: true, force: true }));
    rmSync(join(this.path, 'applied.json'), { force: true });
  }

  /** Removes everything, data and models too. */
  public remove(): void {
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
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (e) {
    return (e as NodeJS.ErrnoException).code === 'EPERM';
  }
}
