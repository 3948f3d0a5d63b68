const HEADER_BYTES = 4;

/** Largest frame that is read, in bytes. A worker that announces more does not speak this protocol. */
const LARGEST_FRAME = 512 * 1024 * 1024;

/** A frame of the worker's protocol: four bytes of length, most significant first, then so many bytes of JSON. The parts are joined. */
export function frame(...parts: readonly (string | Uint8Array)[]): Buffer {
  const bytes = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part));
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt32BE(bytes.reduce((sum, part) => sum + part.length, 0));
  return Buffer.concat([header, ...bytes]);
}

/** Cuts what a socket delivers into frames. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private length = 0;

  /** The JSON of every frame that the chunk completes. Throws a RangeError for a frame that is too long. */
  push(chunk: Buffer): string[] {
    this.chunks.push(chunk);
    this.length += chunk.length;
    const texts: string[] = [];
    for (let size = this.nextSize(); size !== undefined && this.length >= HEADER_BYTES + size; size = this.nextSize()) {
      const all = this.joined();
      texts.push(all.toString('utf8', HEADER_BYTES, HEADER_BYTES + size));
      this.chunks = [all.subarray(HEADER_BYTES + size)];
      this.length -= HEADER_BYTES + size;
    }
    return texts;
  }

  private nextSize(): number | undefined {
    if (this.length < HEADER_BYTES) return undefined;
    const head = this.chunks[0].length >= HEADER_BYTES ? this.chunks[0] : this.joined();
    const size = head.readUInt32BE(0);
    if (size > LARGEST_FRAME) throw new RangeError(`frame of ${size} bytes`);
    return size;
  }

  /** Joined only when needed, so that a frame in many chunks is not copied once for each. */
  private joined(): Buffer {
    if (this.chunks.length > 1) this.chunks = [Buffer.concat(this.chunks, this.length)];
    return this.chunks[0];
  }
}
