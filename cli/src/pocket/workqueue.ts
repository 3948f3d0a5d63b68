import type { ClusterLog } from './controller.js';

/** What a reconcile says at its end: nothing, or in how many milliseconds it wants to look again. */
export type Reconciled = void | { readonly again: number };

const FIRST_BACKOFF = 100;
const LONGEST_BACKOFF = 30_000;
/** setTimeout takes no more; a wait that is cut short only looks once too often. */
const LONGEST_TIMER = 2 ** 31 - 1;

interface Entry {
  running?: Promise<void>;
  /** Added while it ran: what it saw may be old. */
  dirty: boolean;
  failures: number;
  timer?: { readonly handle: NodeJS.Timeout; readonly at: number };
}

/**
 * Runs a level-based reconcile by key: never twice at once for one key, keys side by side. A key that is added while it runs is run
 * again after; one that throws is tried again in 100 ms, doubling to 30 s, until it succeeds.
 */
export class WorkQueue {
  private readonly entries = new Map<string, Entry>();
  private stopped = false;

  constructor(private readonly reconcile: (key: string) => Promise<Reconciled>, private readonly log: ClusterLog) {}

  /** Reconciles the key soon, never during the call. */
  add(key: string): void {
    if (this.stopped) return;
    const entry = this.entry(key);
    entry.dirty = true;
    this.run(key, entry);
  }

  /** Reconciles the key in that many milliseconds, or earlier if it is already due earlier. */
  addAfter(key: string, milliseconds: number): void {
    if (this.stopped) return;
    const wait = Math.min(Math.max(milliseconds, 0), LONGEST_TIMER);
    const entry = this.entry(key);
    const at = Date.now() + wait;
    if (entry.timer !== undefined && entry.timer.at <= at) return;
    clearTimeout(entry.timer?.handle);
    const handle = setTimeout(() => {
      entry.timer = undefined;
      this.add(key);
    }, wait);
    entry.timer = { handle, at };
  }

  /** Starts nothing any more; resolves when what runs has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const entry of this.entries.values()) clearTimeout(entry.timer?.handle);
    await Promise.all([...this.entries.values()].map((entry) => entry.running));
    this.entries.clear();
  }

  private entry(key: string): Entry {
    let entry = this.entries.get(key);
    if (entry === undefined) {
      entry = { dirty: false, failures: 0 };
      this.entries.set(key, entry);
    }
    return entry;
  }

  private run(key: string, entry: Entry): void {
    if (entry.running !== undefined) return;
    entry.running = this.work(key, entry).finally(() => {
      entry.running = undefined;
      // A queue lives as long as the cluster, keys do not.
      if (!entry.dirty && entry.timer === undefined) this.entries.delete(key);
      else if (entry.dirty && !this.stopped) this.run(key, entry);
    });
  }

  private async work(key: string, entry: Entry): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (entry.dirty && !this.stopped) {
      entry.dirty = false;
      try {
        const result = await this.reconcile(key);
        entry.failures = 0;
        if (result !== undefined) this.addAfter(key, result.again);
      } catch (error) {
        const wait = Math.min(FIRST_BACKOFF * 2 ** entry.failures++, LONGEST_BACKOFF);
        this.log.warn('could not bring an object to its state, trying again', { key, error: String(error), failures: entry.failures, wait });
        this.addAfter(key, wait);
        // A reconcile that writes and then throws wakes itself; the backoff brings the key back with all that changed meanwhile.
        entry.dirty = false;
      }
    }
  }
}
