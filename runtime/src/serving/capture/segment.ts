import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of JSON lines that this process appends to. Nobody else writes it. */
export class Segment {
  /**
   * Makes a new segment in the folder, which is made too. Names sort by time.
   *
   * @param label tells segments of one moment apart
   * @param now milliseconds since 1970
   */
  static async create(folder: string, label: string, now: number): Promise<Segment> {
    const time = new Date(now).toISOString().replace(/[-:.]/g, '');
    const path = join(folder, `${time}-${label}.jsonl`);
    const create = async () => {
      await mkdir(folder, { recursive: true });
      return new Segment(path, now, await open(path, 'wx'));
    };
    // Between the two steps, another server may have removed the folder as empty.
    return create().catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? create() : Promise.reject(error)));
  }

  private length = 0;

  private constructor(readonly path: string, readonly openedAt: number, private readonly file: FileHandle) {}

  get bytes(): number {
    return this.length;
  }

  /** Appends whole lines or, when that fails, nothing: a reader refuses a torn line that is not the last. */
  async append(lines: Buffer): Promise<void> {
    try {
      for (let done = 0; done < lines.length;) {
        done += (await this.file.write(lines, done, lines.length - done, this.length + done)).bytesWritten;
      }
      this.length += lines.length;
    } catch (error) {
      await this.file.truncate(this.length).catch(() => {});
      throw error;
    }
  }

  /** Hands it to the disk and closes it. */
  async close(): Promise<void> {
    try {
      await this.file.datasync();
    } finally {
      await this.file.close();
    }
  }
}
