import { styleText } from 'node:util';

/** Where output goes; the process has them. */
export interface Streams {
  readonly stdout: NodeJS.WritableStream & { isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean };
  readonly env: NodeJS.ProcessEnv;
}

/** Writes lines, and colours them where somebody looks on. */
export class Terminal {
  constructor(private readonly streams: Streams) {}

  public out(line: string): void {
    this.streams.stdout.write(`${line}\n`);
  }

  public err(line: string): void {
    this.streams.stderr.write(`${line}\n`);
  }

  /** The word for how bad something is. */
  public severity(word: string, stream: 'stdout' | 'stderr' = 'stderr'): string {
    return this.coloured(stream) ? styleText(['bold', word === 'error' ? 'red' : 'yellow'], word) : word;
  }

  /** @see https://no-color.org */
  private coloured(stream: 'stdout' | 'stderr'): boolean {
    return this.streams[stream].isTTY === true && !this.streams.env.NO_COLOR && this.streams.env.TERM !== 'dumb';
  }
}

/** A reader that has seen enough, as `head`, closes the pipe: no error. */
export function onBrokenPipe(end: () => void): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (e: NodeJS.ErrnoException) => {
      if (e.code !== 'EPIPE') {
        throw e;
      }
      end();
    });
  }
}
