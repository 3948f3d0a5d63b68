import type { Clock } from '../../../src/pocket/metrics/clock.js';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that passes when a test says so. */
export class FakeClock implements Clock {
  private time: number;
  private sleepers: Sleeper[] = [];

  /** `idle` resolves when what goes on outside of time, as writing files, has ended. */
  constructor(private readonly idle: () => Promise<void> = async () => undefined) {
    this.time = Date.UTC(2026, 0, 1);
  }

  now(): number {
    return this.time;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        signal?.removeEventListener('abort', wake);
        this.sleepers = this.sleepers.filter((each) => each !== sleeper);
        resolve();
      };
      const sleeper: Sleeper = { at: this.time + Math.max(0, milliseconds), wake };
      this.sleepers.push(sleeper);
      signal?.addEventListener('abort', wake);
    });
  }

  /** Lets time pass, waking sleepers in order, and what they then do settle. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    await this.settled();
    for (;;) {
      const [next] = this.sleepers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.time = Math.max(this.time, next.at);
      next.wake();
      await this.settled();
    }
    this.time = end;
    await this.settled();
  }

  private async settled(): Promise<void> {
    for (let i = 0; i < 3; i++) {
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      await this.idle();
    }
  }
}
