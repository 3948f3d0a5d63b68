import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterLog } from '../../controller.js';
import { identityOf, isAlive, type ProcessIdentity } from '../../pods/process-identity.js';
import { writePrivate } from '../private-file.js';

export interface ChildOptions {
  readonly binary: string;
  /** The arguments to listen on a port; 0 is a free one. */
  readonly arguments: (port: number) => string[];
  /** Remembers the process, so that a later start ends what a killed one left. */
  readonly pidFile: string;
  readonly logFile: string;
  readonly log: ClusterLog;
}

const LISTENS = /Listening on"?.*address=127\.0\.0\.1:(\d+)/;
const MOST_LOG = 5 * 1024 * 1024;
const READY_MS = 60_000;
const STOP_MS = 5000;
const RESTART_MS = [1000, 2000, 5000, 10_000, 30_000];

/** A server as a child process: started until it is ready, started again when it ends by itself, ended with us. */
export class Child {
  /** Fails when it is not ready within a minute. */
  static async start(options: ChildOptions): Promise<Child> {
    const child = new Child(options);
    await endStale(options.pidFile);
    await mkdir(dirname(options.logFile), { recursive: true });
    try {
      await child.launch();
    } catch (error) {
      await child.stop();
      throw error;
    }
    return child;
  }

  private readonly stopped = new AbortController();
  private process?: ChildProcess;
  private ended: Promise<void> = Promise.resolve();
  private restarts = 0;
  private restarting?: Promise<void>;
  /** Known once it listens, and kept over restarts. */
  private listens = 0;

  private constructor(private readonly options: ChildOptions) {}

  get port(): number {
    return this.listens;
  }

  get url(): string {
    return `http://127.0.0.1:${this.listens}`;
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    const { process: child } = this;
    if (child?.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await this.ended;
      clearTimeout(timer);
    }
    await this.restarting;
    await rm(this.options.pidFile, { force: true });
  }

  private async launch(): Promise<void> {
    const { binary, pidFile, logFile, log } = this.options;
    const child = spawn(binary, this.options.arguments(this.listens), { stdio: ['ignore', 'ignore', 'pipe'] });
    this.process = child;
    const output = createWriteStream(logFile).on('error', () => undefined);
    let tail = '';
    let written = 0;
    child.stderr.on('data', (chunk: Buffer) => {
      if (this.listens === 0) {
        tail = `${tail}${String(chunk)}`.slice(-65_536);
        this.listens = Number(LISTENS.exec(tail)?.[1] ?? 0);
      }
      written += chunk.length;
      if (written <= MOST_LOG) output.write(chunk);
    });
    this.ended = new Promise<void>((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', () => resolve());
    }).then(() => {
      output.end();
    });
    const identity = child.pid === undefined ? undefined : identityOf(child.pid);
    if (identity !== undefined) await writePrivate(pidFile, JSON.stringify(identity));
    await this.ready(child);
    void this.ended.then(() => {
      if (this.stopped.signal.aborted) return;
      log.warn('monitoring process ended', { binary, code: child.exitCode, signal: child.signalCode, log: logFile });
      this.restarting = this.restart();
    });
  }

  private async ready(child: ChildProcess): Promise<void> {
    for (const until = Date.now() + READY_MS; Date.now() < until;) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null || this.stopped.signal.aborted) break;
      if (this.listens > 0 && await fetch(`${this.url}/-/ready`).then((response) => response.ok, () => false)) return;
      await delay(50);
    }
    throw new Error(`'${this.options.binary}' did not become ready, see ${this.options.logFile}`);
  }

  private async restart(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      const wait = RESTART_MS[Math.min(this.restarts++, RESTART_MS.length - 1)];
      await delay(wait, undefined, { signal: this.stopped.signal }).catch(() => undefined);
      if (this.stopped.signal.aborted) return;
      try {
        await this.launch();
        return;
      } catch {
        this.process?.kill('SIGKILL');
        await this.ended;
      }
    }
  }
}

/** Ends the process that an earlier start left, if it is still that very one. */
async function endStale(pidFile: string): Promise<void> {
  const text = await readFile(pidFile, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  try {
    const identity = JSON.parse(text) as ProcessIdentity;
    if (isAlive(identity)) process.kill(identity.pid, 'SIGKILL');
    for (let tries = 0; isAlive(identity) && tries < 100; tries++) await delay(50);
  } catch {
    // Written in part, or it has ended meanwhile.
  }
  await rm(pidFile, { force: true });
}
