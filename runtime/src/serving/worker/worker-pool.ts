import type { Socket } from 'node:net';
import { MyelinError } from '../../shared/errors.js';
import type { Log } from '../../shared/log.js';
import { CallQueue, type Call } from './call-queue.js';
import { frame } from './frames.js';
import { WorkerConnection, type WorkerAnswer, type WorkerEvents, type WorkerFault, type WorkerReady } from './worker-connection.js';

export interface PoolOptions {
  readonly log: Log;
  /** Longest call in seconds, waiting included; the image's own when undefined, else 60. */
  readonly timeoutSeconds?: number;
  /** Calls that may wait. */
  readonly queueLength: number;
  /** Bytes that waiting calls may hold. */
  readonly queueBytes: number;
  /** How long calls wait for a worker that was lost to come again, in seconds. */
  readonly lostSeconds: number;
}

/** Whether predictions can be answered, and if not, why. */
export interface PoolHealth {
  readonly ready: boolean;
  readonly reason: string;
}

const DEFAULT_TIMEOUT_SECONDS = 60;

/**
 * The connected workers and the calls that wait for one. A worker has one call at a time, and every call ends: answered, refused
 * when the queue is full, failed when its worker dies or nobody was there in time.
 */
export class WorkerPool implements WorkerEvents {
  private readonly connections = new Set<WorkerConnection>();
  private readonly idle: WorkerConnection[] = [];
  private readonly running = new Map<WorkerConnection, { readonly call: Call; readonly hung: NodeJS.Timeout }>();
  private readonly queue: CallQueue;
  private nextId = 1;
  /** Why no class is loaded, as the last worker told it. */
  private failure: string | undefined;
  private about: WorkerReady | undefined;
  private imageTimeout: number | undefined;
  private lost: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(private readonly options: PoolOptions) {
    this.queue = new CallQueue(options.queueLength, options.queueBytes);
  }

  /** A worker that connected. */
  attach(socket: Socket): void {
    this.connections.add(new WorkerConnection(socket, this));
  }

  get health(): PoolHealth {
    if (this.readyCount > 0) return { ready: true, reason: '' };
    if (this.failure !== undefined) return { ready: false, reason: `the model does not load: ${this.failure}` };
    return { ready: false, reason: this.connections.size > 0 ? 'the model is loading' : 'no worker is connected' };
  }

  /** What the class says of itself; undefined until one was loaded. */
  get model(): WorkerReady | undefined {
    return this.about;
  }

  /**
   * Calls the class: `predict` with a message, or `feedback`. The message is JSON text, which goes to the worker as it is.
   *
   * Fails with MYELIN_MODEL_RAISED, MYELIN_MODEL_ANSWER_WRONG or MYELIN_REQUEST_UNREADABLE for what the class does with it, with
   * MYELIN_WORKER_BUSY, MYELIN_WORKER_ABSENT, MYELIN_WORKER_LOST and MYELIN_WORKER_LATE when there was no answer. `gone` drops a call that waits.
   */
  call(method: 'predict' | 'feedback', message: string | Uint8Array, gone?: AbortSignal): Promise<WorkerAnswer> {
    return new Promise((resolve, reject) => {
      if (this.mustRefuse) return reject(this.absent());
      if (this.idle.length === 0 && this.queue.isFull(message.length)) return reject(new MyelinError('MYELIN_WORKER_BUSY', { method }));
      const id = this.nextId++;
      const end = (settle: () => void) => {
        if (call.settled) return;
        call.settled = true;
        clearTimeout(late);
        gone?.removeEventListener('abort', leave);
        settle();
      };
      const call: Call = {
        id,
        frame: frame(`{"id":${id},"call":"${method}","message":`, message, '}'),
        resolve: (answer) => end(() => resolve(answer)),
        reject: (error) => end(() => reject(error)),
        again: false,
        settled: false,
      };
      const seconds = this.timeoutSeconds;
      const late = setTimeout(() => call.reject(new MyelinError('MYELIN_WORKER_LATE', { method, seconds })), seconds * 1000);
      const leave = () => call.reject(new MyelinError('MYELIN_REQUEST_ABANDONED', { method }));
      gone?.addEventListener('abort', leave);
      const worker = this.idle.pop();
      if (worker === undefined) this.queue.add(call);
      else this.give(worker, call);
    });
  }

  /** Closes every connection, upon which the workers leave. Calls that still wait fail. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.lost);
    for (const call of this.queue.takeAll()) call.reject(this.absent());
    for (const connection of this.connections) connection.close();
  }

  hello(worker: WorkerConnection): void {
    this.imageTimeout = worker.timeoutSeconds;
    this.options.log.info({ pid: worker.pid }, 'worker connected');
  }

  ready(worker: WorkerConnection): void {
    this.failure = undefined;
    this.about = worker.about;
    clearTimeout(this.lost);
    this.lost = undefined;
    this.options.log.info({ pid: worker.pid, class: worker.about?.class }, 'worker is ready');
    this.free(worker);
  }

  failed(worker: WorkerConnection, error: string, traceback: string): void {
    this.failure = error;
    this.options.log.error({ pid: worker.pid, error, traceback }, 'model does not load');
    if (this.readyCount > 0) return;
    clearTimeout(this.lost);
    this.lost = undefined;
    this.refuseWaiting();
  }

  answered(worker: WorkerConnection, id: number, outcome: WorkerAnswer | WorkerFault): void {
    const running = this.running.get(worker);
    if (running?.call.id !== id) return;
    clearTimeout(running.hung);
    this.running.delete(worker);
    if ('code' in outcome) running.call.reject(faultError(outcome));
    else running.call.resolve(outcome);
    this.free(worker);
  }

  closed(worker: WorkerConnection, unread: boolean): void {
    this.connections.delete(worker);
    if (this.idle.includes(worker)) this.idle.splice(this.idle.indexOf(worker), 1);
    const running = this.running.get(worker);
    this.running.delete(worker);
    clearTimeout(running?.hung);
    if (running !== undefined) this.abandoned(running.call, unread);
    if (this.isClosed) return;
    if (worker.about !== undefined) this.options.log.warn({ pid: worker.pid, unread }, 'worker left');
    if (this.readyCount === 0 && this.lost === undefined && worker.about !== undefined) {
      this.lost = setTimeout(() => {
        this.lost = undefined;
        this.refuseWaiting();
      }, this.options.lostSeconds * 1000);
    }
  }

  private get readyCount(): number {
    return this.idle.length + this.running.size;
  }

  private get timeoutSeconds(): number {
    return this.options.timeoutSeconds ?? this.imageTimeout ?? DEFAULT_TIMEOUT_SECONDS;
  }

  /** Nobody can answer, and it is not known that somebody soon will. */
  private get mustRefuse(): boolean {
    return this.isClosed || (this.readyCount === 0 && this.lost === undefined);
  }

  private give(worker: WorkerConnection, call: Call): void {
    // From here on, since a call that has waited long is not the worker's fault.
    const hung = setTimeout(() => {
      this.options.log.warn({ pid: worker.pid, seconds: this.timeoutSeconds }, 'worker hangs and is given up');
      worker.close();
    }, this.timeoutSeconds * 1000);
    this.running.set(worker, { call, hung });
    worker.send(call.frame);
  }

  private free(worker: WorkerConnection): void {
    const call = this.queue.next();
    if (call === undefined) this.idle.push(worker);
    else this.give(worker, call);
  }

  private abandoned(call: Call, unread: boolean): void {
    if (call.settled) return;
    if (!unread || call.again || this.isClosed) {
      call.reject(new MyelinError('MYELIN_WORKER_LOST', { call: call.id }));
      return;
    }
    call.again = true;
    const other = this.idle.pop();
    if (other === undefined) this.queue.putBack(call);
    else this.give(other, call);
  }

  private refuseWaiting(): void {
    for (const call of this.queue.takeAll()) call.reject(this.absent());
  }

  private absent(): MyelinError {
    return new MyelinError('MYELIN_WORKER_ABSENT', { reason: this.isClosed ? 'the server is stopping' : this.health.reason });
  }
}

function faultError({ code, ...values }: WorkerFault): MyelinError {
  if (code === 'request') return new MyelinError('MYELIN_REQUEST_UNREADABLE', values);
  if (code === 'answer') return new MyelinError('MYELIN_MODEL_ANSWER_WRONG', values);
  return new MyelinError('MYELIN_MODEL_RAISED', values);
}
