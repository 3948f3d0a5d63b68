import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, rmSync, writeFileSync } from 'node:fs';
import { logSize, openLog, shorten } from './container-log.js';
import { identityOf, signalGroup } from './process-identity.js';

/** What to start. */
export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** How a process ended: with a code, by a signal, or without ever having started. */
export type Exit = { readonly code: number } | { readonly signal: NodeJS.Signals } | { readonly error: NodeJS.ErrnoException };

const LOOK_MILLISECONDS = 1000;
/** A log that grows faster than this many bytes between two looks is looked at more often. */
const FAST_GROWTH = 1024 * 1024;
const FAST_LOOK_MILLISECONDS = 100;
/** How long the system may take to end what was killed. */
const AFTER_KILL_MILLISECONDS = 5000;

/**
 * A container: one process and what it starts, in a process group of their own. Its output goes to its log by itself. What it is called by the
 * system is on the disk from the moment it runs, so that it is found again when this process is killed.
 */
export class ContainerProcess {
  readonly exited: Promise<Exit>;
  private readonly child: ChildProcess;
  private ended = false;
  private guard?: NodeJS.Timeout;

  constructor(launch: Launch, private readonly logPath: string, private readonly recordPath: string) {
    const log = openLog(logPath);
    try {
      this.child = spawn(launch.file, launch.args, { cwd: launch.cwd, env: launch.env, detached: true, stdio: ['ignore', log, log] });
    } finally {
      closeSync(log);
    }
    this.exited = this.end();
    if (this.child.pid === undefined) return;
    this.record(this.child.pid);
    this.guardLog(logSize(logPath), LOOK_MILLISECONDS);
  }

  /** Whether there is a process at all; if not, `exited` says why. */
  get runs(): boolean {
    return this.child.pid !== undefined;
  }

  /** Asks the process to end, and after the grace time kills it with all it started. Resolves when it is gone. */
  async stop(graceMilliseconds: number): Promise<void> {
    const { pid } = this.child;
    if (this.ended || pid === undefined) return;
    // As in a cluster only the first process is asked: what it started is its affair.
    this.child.kill('SIGTERM');
    const kill = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMilliseconds);
    let giveUp: NodeJS.Timeout | undefined;
    const bound = new Promise<void>((resolve) => {
      giveUp = setTimeout(resolve, graceMilliseconds + AFTER_KILL_MILLISECONDS);
    });
    await Promise.race([this.exited, bound]);
    clearTimeout(kill);
    clearTimeout(giveUp);
  }

  private async end(): Promise<Exit> {
    const exit = await new Promise<Exit>((resolve) => {
      this.child.once('error', (error) => resolve({ error }));
      this.child.once('exit', (code, signal) => resolve(signal === null ? { code: code ?? 0 } : { signal }));
    });
    this.ended = true;
    clearTimeout(this.guard);
    // A container ends with its first process.
    if (this.child.pid !== undefined) signalGroup(this.child.pid, 'SIGKILL');
    rmSync(this.recordPath, { force: true });
    return exit;
  }

  private record(pid: number): void {
    try {
      writeFileSync(this.recordPath, JSON.stringify(identityOf(pid) ?? { pid, startedAt: '' }));
    } catch (error) {
      // A process that could not be found again must not run.
      signalGroup(pid, 'SIGKILL');
      throw error;
    }
  }

  private guardLog(size: number, wait: number): void {
    this.guard = setTimeout(() => {
      const now = logSize(this.logPath);
      try {
        shorten(this.logPath);
      } catch {
        // Looked at again soon; a full disk is told by those who write objects.
      }
      this.guardLog(logSize(this.logPath), now - size > FAST_GROWTH ? FAST_LOOK_MILLISECONDS : LOOK_MILLISECONDS);
    }, wait);
  }
}
