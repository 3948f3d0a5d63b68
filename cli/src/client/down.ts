import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { misused, Outcome, UsageError } from '../outcome.js';
import type { Terminal } from '../terminal.js';
import { StateFolder } from '../up/state-folder.js';

export interface DownOptions {
  readonly state: string;
  /** Whether data, models and images go, too. */
  readonly delete?: boolean;
}

/** Longest time that a cluster may take to end, in milliseconds: each container has ten seconds. */
const PATIENCE = 60_000;

/** `myelin down`: ends the cluster of a state folder, and with `--delete` removes all it made. */
export async function down({ state, delete: everything }: DownOptions, terminal: Terminal): Promise<Outcome> {
  const folder = new StateFolder(state);
  const running = folder.running();
  if (running !== undefined) {
    process.kill(running.pid, 'SIGTERM');
    const until = Date.now() + PATIENCE;
    while (folder.running() !== undefined) {
      if (Date.now() > until) {
        throw new UsageError(`process ${running.pid} did not end within ${PATIENCE / 1000} s: look at its terminal, or kill it and run 'myelin down' again`);
      }
      await delay(100);
    }
    terminal.out('the cluster has ended');
  } else {
    terminal.out(folder.exists() ? 'no cluster runs' : `no cluster has ever run in ${folder.path}`);
  }
  if (everything && folder.exists()) {
    const demo = new StateFolder(join(folder.path, 'demo')).running();
    if (demo !== undefined) {
      throw misused('state', folder.path, `holds the demo that runs as process ${demo.pid}`, 'end that first');
    }
    folder.remove();
    terminal.out(`removed ${folder.path}`);
  }
  return Outcome.DONE;
}
