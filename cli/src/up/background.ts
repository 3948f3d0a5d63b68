import { spawn } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DOCUMENT_KEY, readDocument, type ReleaseDocument } from '@cdk8s-myelin/runtime';
import { ClusterClient } from '../client/cluster-client.js';
import { misused, Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';
import type { UpOptions } from './options.js';
import { firstRunsOver } from './settled.js';
import { onSignals } from './signals.js';
import { StateFolder } from './state-folder.js';

/** How long nothing may have been left to do before the first runs count as over, in milliseconds: one run's event starts the next. */
const QUIET = 3000;

/** How often to look, in milliseconds. */
const LOOK = 200;

/** Runs `myelin up` in the background, follows what it tells until the first runs are over, and leaves it running. */
export async function inBackground(files: readonly string[], options: UpOptions, terminal: Terminal): Promise<Outcome> {
  const folder = new StateFolder(options.state);
  folder.make();
  const log = join(folder.path, 'up.log');
  const output = openSync(log, 'w', 0o600);
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../bin/myelin.js', import.meta.url)), 'up', ...files, ...flags(options)], {
    detached: true, stdio: ['ignore', output, output],
  });
  closeSync(output);
  let code: number | null | undefined;
  child.once('exit', (exit) => { code = exit; });
  const stopping = onSignals();
  stopping.signal.addEventListener('abort', () => child.kill('SIGTERM'));
  const follow = new Follower(log, terminal);
  try {
    for (let quiet = 0; code === undefined && quiet < QUIET;) {
      await delay(LOOK);
      follow.print();
      quiet = !stopping.signal.aborted && await over(options.state) ? quiet + LOOK : 0;
    }
    follow.print();
  } finally {
    follow.close();
    stopping.forget();
  }
  if (code === undefined) {
    child.unref();
    terminal.out(`left running as process ${child.pid}; 'myelin get' shows it, 'myelin down' ends it`);
    return Outcome.DONE;
  }
  if (code === Outcome.MISUSED) {
    throw misused('up', files.join(' '), 'did not start', `see ${log}`);
  }
  return stopping.signal.aborted || code === Outcome.DONE ? Outcome.DONE : Outcome.FOUND;
}

async function over(state: string): Promise<boolean> {
  try {
    const client = ClusterClient.of(state);
    const maps = (await client.list('ConfigMap')).filter(({ data }) => data?.[DOCUMENT_KEY.RELEASES] !== undefined);
    const releases = maps.map(({ data, metadata }) => readDocument('release', data[DOCUMENT_KEY.RELEASES], metadata.name) as ReleaseDocument);
    return firstRunsOver({ workflows: await client.list('Workflow'), releases, jobs: [], ledgers: [] });
  } catch {
    // It is still starting.
    return false;
  }
}

function flags({ state, source, namespace, port, metrics, lenient, strict }: UpOptions): string[] {
  return [
    '--state', state, '--metrics', metrics, ...source.flatMap((pair) => ['--source', pair]), ...(namespace ? ['--namespace', namespace] : []),
    ...(port ? ['--port', String(port)] : []), ...(lenient ? ['--lenient'] : []), ...(strict ? ['--strict'] : []),
  ];
}

/** Prints what is added to a file. */
class Follower {
  private readonly file: number;
  private readonly buffer = Buffer.alloc(64 * 1024);
  private rest = '';

  constructor(path: string, private readonly terminal: Terminal) {
    this.file = openSync(path, 'r');
  }

  public print(): void {
    for (let size = 1; size > 0;) {
      size = readSync(this.file, this.buffer, 0, this.buffer.length, null);
      const lines = (this.rest + this.buffer.toString('utf8', 0, size)).split('\n');
      this.rest = lines.pop()!;
      lines.forEach((line) => this.terminal.out(line));
    }
  }

  public close(): void {
    closeSync(this.file);
  }
}
