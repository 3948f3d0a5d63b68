import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Log } from '../../shared/log.js';
import type { CapturedLine } from './captured-line.js';
import { removeOldSegments } from './retention.js';
import { Segment } from './segment.js';

export interface CaptureOptions {
  /** Folder of the model's segments on this machine; each version has one in it. */
  readonly folder: string;
  readonly version: string;
  readonly retentionSeconds: number;
  readonly log: Log;
  readonly now: () => number;
  /** Told of records that are safe in a segment. */
  readonly kept: (records: number) => void;
  /** Told of records that are lost. */
  readonly dropped: (reason: string, records: number) => void;
  /** Longest segment, in bytes. */
  readonly segmentBytes?: number;
}

/** How long records wait to be written together. */
const FLUSH_MS = 200;
const SEGMENT_BYTES = 16 * 1024 * 1024;
const SEGMENT_MS = 3_600_000;
const RETENTION_MS = 3_600_000;
/** Records that may wait for a slow disk, in bytes. */
const BACKLOG_BYTES = 32 * 1024 * 1024;
const WARNING_MS = 60_000;
const FULL_DISK = ['ENOSPC', 'EDQUOT', 'EFBIG'];
const NOT_WRITABLE = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR'];

/**
 * Appends records to segments of its own below the capture's folder. Predictions never wait for it and never fail with it: a record
 * that cannot be kept is counted as dropped.
 */
export class CaptureWriter {
  private lines: string[] = [];
  private waitingBytes = 0;
  private segment: Segment | undefined;
  private flushTimer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> = Promise.resolve();
  private retentionAt = 0;
  private warnedAt = -Infinity;
  private segments = 0;
  private readonly label = randomBytes(4).toString('hex');
  /** Paths of the segments of this process, so that nobody takes them for another's. */
  readonly own = new Set<string>();

  constructor(private readonly options: CaptureOptions) {}

  /** Folder of the segments of this version. */
  get folder(): string {
    return join(this.options.folder, this.options.version);
  }

  write(record: CapturedLine): void {
    const line = `${JSON.stringify(record)}\n`;
    if (this.waitingBytes + line.length > BACKLOG_BYTES) {
      this.drop('backlog', 1, undefined);
      return;
    }
    this.lines.push(line);
    this.waitingBytes += line.length;
    this.flushTimer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  /** Writes what waits, and resolves when it is written or dropped. */
  flush(): Promise<void> {
    clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
    this.flushing = this.flushing.then(() => this.writeWaiting());
    return this.flushing;
  }

  async close(): Promise<void> {
    await this.flush();
    await this.closeSegment();
  }

  private async writeWaiting(): Promise<void> {
    const lines = this.lines;
    this.lines = [];
    this.waitingBytes = 0;
    if (lines.length === 0) return;
    try {
      await this.rotateIfDue();
      this.segment ??= await this.newSegment();
      await this.segment.append(Buffer.from(lines.join('')));
      this.options.kept(lines.length);
    } catch (error) {
      this.drop(reasonOf(error), lines.length, error);
      // Its end may be torn, which only a last line may be.
      await this.closeSegment();
    }
    await this.retainIfDue();
  }

  private async newSegment(): Promise<Segment> {
    const segment = await Segment.create(this.folder, `${this.label}-${this.segments++}`, this.options.now());
    this.own.add(segment.path);
    return segment;
  }

  private async rotateIfDue(): Promise<void> {
    if (this.segment === undefined) return;
    // A segment goes as a whole, so none may span much of the retention.
    const longest = Math.min(SEGMENT_MS, this.options.retentionSeconds * 250);
    const isOld = this.options.now() - this.segment.openedAt >= longest;
    if (isOld || this.segment.bytes >= (this.options.segmentBytes ?? SEGMENT_BYTES)) await this.closeSegment();
  }

  private async closeSegment(): Promise<void> {
    const segment = this.segment;
    this.segment = undefined;
    await segment?.close().catch((error) => this.warn(error));
  }

  private async retainIfDue(): Promise<void> {
    const now = this.options.now();
    if (now < this.retentionAt) return;
    this.retentionAt = now + Math.min(RETENTION_MS, this.options.retentionSeconds * 250);
    try {
      const removed = await removeOldSegments(this.options.folder, now - this.options.retentionSeconds * 1000, this.segment?.path);
      for (const path of removed) this.own.delete(path);
      if (removed.length > 0) this.options.log.info({ segments: removed.length }, 'captured segments past their retention were removed');
    } catch (error) {
      this.warn(error);
    }
  }

  private drop(reason: string, records: number, error: unknown): void {
    this.options.dropped(reason, records);
    this.warn(error, reason);
  }

  private warn(error: unknown, reason?: string): void {
    const now = this.options.now();
    if (now - this.warnedAt < WARNING_MS) return;
    this.warnedAt = now;
    this.options.log.warn({ err: error, reason, folder: this.options.folder }, 'data capture is in trouble, predictions go on');
  }
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (FULL_DISK.includes(code)) return 'disk-full';
  return NOT_WRITABLE.includes(code) ? 'not-writable' : 'failed';
}
