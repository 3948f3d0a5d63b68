import { appendFileSync } from 'node:fs';
import type { ClusterLog } from './controller.js';

/** The cluster's own log, a JSON object a line in a file: what its user should see is told elsewhere. */
export class FileLog implements ClusterLog {
  /** @param warned also told of each warning */
  constructor(private readonly path: string, private readonly warned: (message: string, keys: Readonly<Record<string, unknown>>) => void) {}

  public info(message: string, keys: Readonly<Record<string, unknown>> = {}): void {
    this.write('info', message, keys);
  }

  public warn(message: string, keys: Readonly<Record<string, unknown>> = {}): void {
    this.write('warn', message, keys);
    this.warned(message, keys);
  }

  private write(level: string, msg: string, keys: Readonly<Record<string, unknown>>): void {
    try {
      appendFileSync(this.path, `${JSON.stringify({ level, time: new Date().toISOString(), ...keys, msg })}\n`);
    } catch {
      // A full disk has consequences that are told; that nobody could write them down is none of them.
    }
  }
}
