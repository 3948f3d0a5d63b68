import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Log } from '../../shared/log.js';
import { payloadOf } from '../dataplane/message.js';
import { PredictionIndex, type IndexBounds, type Prediction } from '../dataplane/prediction-index.js';
import type { CapturedLine } from './captured-line.js';

export interface SiblingOptions {
  /** Folder of the segments of this version. */
  readonly folder: string;
  /** Segments that this process writes. */
  readonly own: ReadonlySet<string>;
  readonly bounds: IndexBounds;
  /** Whether requests are remembered, for a class that wants them with its feedback. */
  readonly requests: () => boolean;
  readonly log: Log;
  readonly now: () => number;
}

/** Reading is not repeated sooner, in milliseconds. */
const PAUSE_MS = 200;
/** Of what was written before this process began to look, the newest part is read, in bytes. */
const FIRST_LOOK_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
const PREDICTION_BYTES = 700;

/**
 * What other processes captured of this version: other replicas, other backends, and this server before it was restarted.
 * Their segments are read on from where they were left, so that looking often costs what is new.
 */
export class SiblingSegments {
  private readonly index: PredictionIndex;
  private readonly offsets = new Map<string, number>();
  private readAt = -Infinity;
  private reading: Promise<void> | undefined;
  private looked = false;

  constructor(private readonly options: SiblingOptions) {
    this.index = new PredictionIndex(options.bounds);
  }

  /** What is known of a prediction; `answer` is undefined when only its feedback was seen. */
  async find(id: string): Promise<Prediction | undefined> {
    await this.refresh();
    return this.index.get(id, this.options.now());
  }

  private async refresh(): Promise<void> {
    if (this.reading === undefined && this.options.now() - this.readAt < PAUSE_MS) return;
    this.reading ??= this.readNew()
      .catch((error) => this.options.log.warn({ err: error }, 'captured segments cannot be read'))
      .finally(() => {
        this.reading = undefined;
        this.readAt = this.options.now();
      });
    await this.reading;
  }

  private async readNew(): Promise<void> {
    const names = (await readdir(this.options.folder).catch(() => [])).filter((name) => name.endsWith('.jsonl')).sort();
    const paths = names.map((name) => join(this.options.folder, name)).filter((path) => !this.options.own.has(path));
    const gone = [...this.offsets.keys()].filter((path) => !paths.includes(path));
    for (const path of gone) this.offsets.delete(path);
    const sizes = new Map<string, number>();
    for (const path of paths) sizes.set(path, await stat(path).then(({ size }) => size, () => 0));
    if (!this.looked) this.skipAncient(paths, sizes);
    this.looked = true;
    for (const path of paths) await this.readOn(path, sizes.get(path)!);
  }

  /** A server with a long past must not read gigabytes for one piece of feedback. */
  private skipAncient(paths: readonly string[], sizes: ReadonlyMap<string, number>): void {
    let budget = FIRST_LOOK_BYTES;
    for (const path of [...paths].reverse()) {
      budget -= sizes.get(path)!;
      if (budget < 0) this.offsets.set(path, sizes.get(path)!);
    }
  }

  private async readOn(path: string, size: number): Promise<void> {
    let offset = this.offsets.get(path) ?? 0;
    if (offset >= size) return;
    const file = await open(path, 'r').catch(() => undefined);
    if (file === undefined) return;
    try {
      let rest: Buffer = Buffer.alloc(0);
      while (offset + rest.length < size) {
        const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - offset - rest.length));
        const { bytesRead } = await file.read(chunk, 0, chunk.length, offset + rest.length);
        if (bytesRead === 0) break;
        const joined: Buffer = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
        const end = joined.lastIndexOf(10) + 1;
        if (end > 0) this.take(joined.toString('utf8', 0, end));
        rest = joined.subarray(end);
        offset += end;
        this.offsets.set(path, offset);
        // Requests go first.
        await turn();
      }
    } finally {
      await file.close();
    }
  }

  private take(lines: string): void {
    for (const line of lines.split('\n')) {
      if (line === '') continue;
      try {
        this.remember(JSON.parse(line) as CapturedLine, line.length);
      } catch {
        // Not a record; whoever trains on it will say so.
      }
    }
  }

  private remember(record: CapturedLine, length: number): void {
    const now = this.options.now();
    const answer = payloadOf(record.answer);
    const came = { truth: record.truth !== undefined, reward: record.reward !== undefined };
    if (answer === undefined && this.index.get(record.id, now) !== undefined) {
      this.index.mark(record.id, came);
      return;
    }
    const isWanted = answer !== undefined && record.request !== undefined && this.options.requests();
    const request = isWanted ? { request: JSON.stringify(record.request) } : {};
    const prediction: Prediction = { at: Date.parse(record.at), ...(answer === undefined ? {} : { answer }), ...request, ...came };
    this.index.add(record.id, prediction, PREDICTION_BYTES + (answer === undefined ? 0 : length), now);
  }
}
