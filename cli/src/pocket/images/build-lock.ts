import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, isAlive } from '../pods/process-identity.js';

const POLL_MS = 200;

export interface LockOptions {
  /** Called once if another one holds it. */
  readonly onWait?: () => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs the work of one process at a time, over processes: the others wait, and find the work done. A holder that was killed holds nothing.
 *
 * It saves work and no more: what is made under it must be right even if two should run at once.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  const mine = JSON.stringify({ ...identityOf(process.pid), nonce: randomUUID() });
  await mkdir(dirname(file), { recursive: true });
  for (let waited = false; !await taken(file, mine); waited = true) {
    const holder = await readFile(file, 'utf8').catch(() => undefined);
    if (holder !== undefined && !isHeld(holder)) {
      await rm(file, { force: true });
    } else {
      if (!waited) options.onWait?.();
      await sleep(POLL_MS, undefined, { signal: options.signal });
    }
  }
  try {
    return await work();
  } finally {
    if (await readFile(file, 'utf8').catch(() => undefined) === mine) await rm(file, { force: true });
  }
}

/** A name for a temporary folder of this process that says whose it is. */
export function ownName(prefix: string): string {
  return `${prefix}${process.pid}-${startOf(process.pid)}-${randomUUID().slice(0, 8)}`;
}

/** Whether a folder named by `ownName` belongs to a process that is gone. */
export function isAbandoned(name: string, prefix: string): boolean {
  const [pid, started] = name.slice(prefix.length).split('-');
  return name.startsWith(prefix) && startOf(Number(pid)) !== started;
}

/** As a name of a file can bear it. */
function startOf(pid: number): string {
  return (identityOf(pid)?.startedAt ?? 'gone').replace(/\W+/g, '_');
}

/** Taken with its content in one step, so that nobody reads a lock without holder. */
async function taken(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, content);
    await link(draft, file);
    return true;
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw e;
  } finally {
    await rm(draft, { force: true });
  }
}

function isHeld(holder: string): boolean {
  try {
    return isAlive(JSON.parse(holder));
  } catch {
    return false;
  }
}
