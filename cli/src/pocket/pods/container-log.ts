import { closeSync, ftruncateSync, openSync, readFileSync, readSync, statSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** How much of a container's output is kept at least, in bytes; at most twice as much lies on the disk between two looks. */
export const KEPT_LOG = 10 * 1024 * 1024;
const CHUNK = 1024 * 1024;
/** Bytes of the end of a log that tell why a container failed. */
const MESSAGE = 2048;
const FOLLOW_MILLISECONDS = 100;

/** How to read a log. */
export interface LogOptions {
  /** Only so many lines from the end. */
  readonly tailLines?: number;
  /** Goes on with what is written later, until this says that nothing will be. */
  readonly follow?: () => boolean;
  readonly signal?: AbortSignal;
}

/** Opens a log to be handed to a process: what that writes goes to the disk without passing through here. */
export function openLog(path: string): number {
  return openSync(path, 'a', 0o600);
}

/** Bytes in the log; 0 when there is none. */
export function logSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Moves the end of a log that has grown beyond what is kept to `<path>.1`. The process goes on writing to the very same file, so it is emptied, not
 * renamed; what it writes between the last read and that is lost, which are microseconds.
 */
export function shorten(path: string, kept = KEPT_LOG): void {
  const size = logSize(path);
  if (size <= kept) return;
  const source = openSync(path, 'r+');
  try {
    const to = openSync(`${path}.1`, 'w', 0o600);
    try {
      const buffer = Buffer.allocUnsafe(CHUNK);
      let at = size - kept;
      for (;;) {
        const read = readSync(source, buffer, 0, CHUNK, at);
        // A process that writes faster than this copies must not keep it here.
        if (read === 0 || at > size + kept) break;
        writeSync(to, buffer, 0, read);
        at += read;
      }
      ftruncateSync(source, 0);
    } finally {
      closeSync(to);
    }
  } finally {
    closeSync(source);
  }
}

/** The last lines of a log after that byte, at most 2 KB. */
export function lastWords(path: string, after: number): string {
  const size = logSize(path);
  if (size === 0) return '';
  const file = openSync(path, 'r');
  try {
    // A log that was shortened is smaller than where the run began: all of it is newer.
    const start = Math.max(size >= after ? after : 0, size - MESSAGE);
    const buffer = Buffer.alloc(size - start);
    const read = readSync(file, buffer, 0, buffer.length, start);
    const text = buffer.subarray(0, read).toString('utf8');
    // The first line is cut off somewhere, perhaps inside a character.
    const lineEnd = start > after && size > MESSAGE ? text.indexOf('\n') : -1;
    return (lineEnd >= 0 && lineEnd < text.length - 1 ? text.slice(lineEnd + 1) : text).trimEnd();
  } finally {
    closeSync(file);
  }
}

/** A log in pieces, oldest first. */
export async function* readLog(path: string, { tailLines, follow, signal }: LogOptions = {}): AsyncGenerator<Buffer> {
  let at = 0;
  if (tailLines === undefined) {
    const older = contentOf(`${path}.1`);
    if (older.length > 0) yield older;
  } else {
    const newer = contentOf(path);
    at = newer.length;
    const lines = lastLines(Buffer.concat([contentOf(`${path}.1`), newer]), tailLines);
    if (lines.length > 0) yield lines;
  }
  for (;;) {
    // Asked before the read: what was written before the end is then read.
    const over = follow?.() ?? true;
    if (logSize(path) < at) at = 0;
    for await (const piece of from(path, at)) {
      at += piece.length;
      yield piece;
      if (signal?.aborted) return;
    }
    if (over || signal?.aborted) return;
    await delay(FOLLOW_MILLISECONDS, undefined, { signal }).catch(() => undefined);
  }
}

async function* from(path: string, start: number): AsyncGenerator<Buffer> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return;
  try {
    for (let at = start; ;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(64 * 1024), 0, 64 * 1024, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

function lastLines(content: Buffer, count: number): Buffer {
  if (count <= 0) return Buffer.alloc(0);
  let at = content.length;
  // The line feed at the very end ends the last line and begins none.
  for (let found = 0, end = content.length - 1; found < count; found++) {
    at = end <= 0 ? -1 : content.lastIndexOf(10, end - 1);
    if (at < 0) return content;
    end = at;
  }
  return content.subarray(at + 1);
}
