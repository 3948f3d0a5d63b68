import type { Socket } from 'node:net';
import { FrameReader } from './frames.js';

/** What a worker answered to a call. */
export interface WorkerAnswer {
  /** The message without its meta; null for feedback. */
  readonly answer: Readonly<Record<string, unknown>> | null;
  readonly tags?: Readonly<Record<string, unknown>>;
  readonly metrics?: readonly unknown[];
}

/** What a worker says of itself once its class is loaded. */
export interface WorkerReady {
  readonly class: string;
  /** Whether the class wants feedback. */
  readonly learns: boolean;
}

/** Why a worker did not do what it was asked. */
export interface WorkerFault {
  /** Whose mistake it is: `request` the caller's, `answer` what the class returned, `raised` an exception of the class. */
  readonly code: string;
  /** What is wrong: a method of the class, or a part of the message. */
  readonly place: string;
  readonly problem: string;
}

interface WorkerFrame {
  readonly hello?: { readonly protocol: number; readonly pid: number; readonly timeoutSeconds?: number };
  readonly ready?: WorkerReady;
  readonly failed?: { readonly error: string; readonly traceback: string };
  readonly unread?: boolean;
  readonly id?: number;
  readonly error?: WorkerFault;
  readonly answer?: WorkerAnswer['answer'];
}

/** Version of the frames; a worker of another release was copied from another image. */
export const WORKER_PROTOCOL = 1;

/** What a connection tells the pool, each in the order in which it came. */
export interface WorkerEvents {
  hello(worker: WorkerConnection): void;
  ready(worker: WorkerConnection): void;
  /** The class does not load. */
  failed(worker: WorkerConnection, error: string, traceback: string): void;
  answered(worker: WorkerConnection, call: number, outcome: WorkerAnswer | WorkerFault): void;
  /** The last event. `unread` is whether the worker surely never read the frame that was sent last. */
  closed(worker: WorkerConnection, unread: boolean): void;
}

/** A connected worker process. */
export class WorkerConnection {
  pid = 0;
  /** Longest call that the image allows, in seconds. */
  timeoutSeconds: number | undefined;
  about: WorkerReady | undefined;
  private unread = false;

  constructor(private readonly socket: Socket, private readonly events: WorkerEvents) {
    const reader = new FrameReader();
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const text of reader.push(chunk)) this.read(JSON.parse(text));
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
    // The kernel says so when a process ended with bytes that it had not read, or before they were sent.
    socket.on('error', (error: NodeJS.ErrnoException) => { this.unread ||= error.code === 'ECONNRESET' || error.code === 'EPIPE'; });
    socket.on('end', () => socket.destroy());
    socket.on('close', () => events.closed(this, this.unread));
  }

  send(frame: Buffer): void {
    if (this.socket.writable) this.socket.write(frame);
    else this.unread = true;
  }

  /** Ends the connection; the worker leaves. */
  close(): void {
    this.socket.destroy();
  }

  private read(frame: WorkerFrame): void {
    if (frame.id !== undefined) {
      this.events.answered(this, frame.id, frame.error ?? { ...frame, answer: frame.answer ?? null });
    } else if (frame.hello !== undefined) {
      if (frame.hello.protocol !== WORKER_PROTOCOL) throw new Error(`worker protocol ${frame.hello.protocol}`);
      this.pid = frame.hello.pid;
      this.timeoutSeconds = frame.hello.timeoutSeconds;
      this.events.hello(this);
    } else if (frame.ready !== undefined) {
      this.about = frame.ready;
      this.events.ready(this);
    } else if (frame.failed !== undefined) {
      this.events.failed(this, frame.failed.error, frame.failed.traceback);
    } else if (frame.unread) {
      this.unread = true;
    }
  }
}
