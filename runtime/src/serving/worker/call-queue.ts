import type { WorkerAnswer } from './worker-connection.js';

/** A call that waits or runs. */
export interface Call {
  readonly id: number;
  readonly frame: Buffer;
  readonly resolve: (answer: WorkerAnswer) => void;
  readonly reject: (error: Error) => void;
  /** Whether it was handed to a worker before, which died without reading it. */
  again: boolean;
  /** Whether nobody waits for it any more. */
  settled: boolean;
}

/** First come, first served, within a number of calls and of bytes. */
export class CallQueue {
  private calls: Call[] = [];
  /** Place of the first call in `calls`: shifting an array of thousands for each call would cost more than the calls. */
  private head = 0;
  private bytes = 0;

  constructor(private readonly most: number, private readonly mostBytes: number) {}

  /** Whether a further call is too much. One is always taken, however large. */
  isFull(size: number): boolean {
    const waiting = this.calls.length - this.head;
    return waiting >= this.most || (waiting > 0 && this.bytes + size > this.mostBytes);
  }

  add(call: Call): void {
    this.calls.push(call);
    this.bytes += call.frame.length;
  }

  /** Puts a call back before all others. */
  putBack(call: Call): void {
    if (this.head > 0) this.calls[--this.head] = call;
    else this.calls.unshift(call);
    this.bytes += call.frame.length;
  }

  /** The next call that somebody waits for. */
  next(): Call | undefined {
    while (this.head < this.calls.length) {
      const call = this.calls[this.head++];
      this.bytes -= call.frame.length;
      if (this.head > 64 && this.head * 2 > this.calls.length) {
        this.calls = this.calls.slice(this.head);
        this.head = 0;
      }
      if (!call.settled) return call;
    }
    return undefined;
  }

  /** Takes out every call. */
  takeAll(): Call[] {
    const left = this.calls.slice(this.head).filter((call) => !call.settled);
    this.calls = [];
    this.head = 0;
    this.bytes = 0;
    return left;
  }
}
