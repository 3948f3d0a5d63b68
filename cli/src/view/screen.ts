import { createLogUpdate } from 'log-update';
import type { Streams } from '../terminal.js';

/** How often the footer is drawn anew, in milliseconds. */
const FRAME = 200;

/**
 * Lines that stay, and on a terminal a footer below them that changes. Where nobody looks on the footer is left out:
 * a log wants each thing once.
 */
export class Screen {
  private readonly live?: ReturnType<typeof createLogUpdate>;
  private timer?: NodeJS.Timeout;

  constructor(private readonly streams: Streams, private readonly footer: () => readonly string[]) {
    const { stdout, env } = streams;
    if (stdout.isTTY && env.TERM !== 'dumb' && !env.CI) {
      this.live = createLogUpdate(stdout as NodeJS.WriteStream, { showCursor: true });
    }
  }

  public start(): void {
    if (this.live !== undefined) {
      this.timer = setInterval(() => this.draw(), FRAME);
    }
  }

  public line(text: string): void {
    this.live?.clear();
    this.streams.stdout.write(`${text}\n`);
    this.draw();
  }

  /** The footer goes, the lines stay. */
  public stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.live?.clear();
    this.live?.done();
  }

  private draw(): void {
    if (this.timer !== undefined) {
      this.live?.(this.footer().join('\n'));
    }
  }
}
