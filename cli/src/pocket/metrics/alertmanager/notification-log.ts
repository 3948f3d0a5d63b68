import { readFile } from 'node:fs/promises';
import { writePrivate } from '../private-file.js';

/** What a receiver was told of a group last: fingerprints and when, in Unix milliseconds. */
export interface Notified {
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  readonly at: number;
  readonly expiresAt: number;
}

/** Remembers over restarts who was told what, so that nobody is told again for no reason. */
export class NotificationLog {
  private entries = new Map<string, Notified>();
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly path: string) {}

  /** Reads what was written; a log that cannot be read is begun anew, at the price of messages told twice. */
  async load(): Promise<void> {
    const text = await readFile(this.path, 'utf8').catch(() => '{}');
    try {
      this.entries = new Map(Object.entries(JSON.parse(text) as Record<string, Notified>));
    } catch {
      this.entries = new Map();
    }
  }

  get(group: string, receiver: string, now: number): Notified | undefined {
    const entry = this.entries.get(keyOf(group, receiver));
    return entry === undefined || entry.expiresAt <= now ? undefined : entry;
  }

  /** Resolves when it is on disk. */
  async set(group: string, receiver: string, notified: Notified): Promise<void> {
    this.entries.set(keyOf(group, receiver), notified);
    for (const [key, { expiresAt }] of this.entries) {
      if (expiresAt <= notified.at) this.entries.delete(key);
    }
    this.writing = this.writing.catch(() => undefined).then(async () => writePrivate(this.path, JSON.stringify(Object.fromEntries(this.entries))));
    await this.writing;
  }

  /** Resolves when all that was set is on disk, or failed to get there. */
  async written(): Promise<void> {
    await this.writing.catch(() => undefined);
  }
}

function keyOf(group: string, receiver: string): string {
  return `${receiver}:${group}`;
}
