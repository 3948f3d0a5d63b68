import type { BusEvent } from './event.js';
import { Mischief, type Nastiness } from './nastiness.js';

export interface Subject {
  readonly namespace: string;
  readonly bus: string;
  /** Name of the EventSource. */
  readonly source: string;
  /** Name of the event within it. */
  readonly event: string;
}

export interface Subscription {
  /** Ends it; resolves when what is being handled has been. What has not been handled is kept for the next one of this name, as is what comes until then. */
  close(): Promise<void>;
}

/** A handler throws it of an event that it has not dealt with because it is to end: the event is handled again. */
export class Undone extends Error {}

type Handle = (event: BusEvent) => Promise<void>;

/** What the bus takes of one event at most, in bytes, and how much of that an event needs besides its data. */
const LARGEST = 1024 * 1024;
const ENVELOPE = 300;

/** What is kept for one who listens under a name, whether or not they do at the moment. */
class Consumer {
  private readonly queue: BusEvent[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();
  private handle?: Handle;
  private handling: Promise<void> = Promise.resolve();

  constructor(readonly subjects: ReadonlySet<string>, private readonly mischief: Mischief) {}

  take(event: BusEvent): void {
    for (const delivery of this.mischief.deliveries(event)) {
      if (delivery.delay === 0) {
        this.enqueue(delivery.event);
        continue;
      }
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        this.enqueue(delivery.event);
      }, delivery.delay);
      this.timers.add(timer);
    }
  }

  listen(handle: Handle): Subscription {
    this.handle = handle;
    this.go();
    return {
      close: async () => {
        if (this.handle === handle) this.handle = undefined;
        await this.handling;
      },
    };
  }

  forget(): void {
    this.timers.forEach((timer) => clearTimeout(timer));
    this.queue.length = 0;
  }

  private enqueue(event: BusEvent): void {
    this.queue.push(event);
    this.go();
  }

  /** Handles what there is, one event after the other. */
  private go(): void {
    this.handling = this.handling.then(async () => {
      const { handle } = this;
      const event = handle && this.queue.shift();
      if (event === undefined) return;
      try {
        await handle!(event);
      } catch (error) {
        if (!(error instanceof Undone)) throw error;
        this.queue.unshift(event);
      }
      this.go();
    });
  }
}

/**
 * The bus between event sources and Sensors. Who listens gets what is published after they first did, one event at a time, in the order published
 * unless nastiness says otherwise; what comes while they are away is kept for them. Nothing outlives the process: a cluster that is killed loses what
 * was under way.
 */
export class EventBus {
  private readonly consumers = new Map<string, Consumer>();

  constructor(private readonly nastiness?: Nastiness) {}

  /** Fails if the event is larger than the bus takes. */
  publish(subject: Omit<Subject, 'source' | 'event'>, event: BusEvent): void {
    // Data travels in base64.
    const bytes = Math.ceil(Buffer.byteLength(event.data) / 3) * 4 + ENVELOPE;
    if (bytes > LARGEST) throw new Error(`an event of ${bytes} bytes is more than the bus takes (${LARGEST})`);
    const key = keyOf({ ...subject, source: event.source, event: event.subject });
    for (const consumer of this.consumers.values()) if (consumer.subjects.has(key)) consumer.take(event);
  }

  /** Hands each event over when the one before has been handled. Under a name with other subjects than before, it begins anew. */
  subscribe(name: string, subjects: readonly Subject[], handle: Handle): Subscription {
    const keys = subjects.map(keyOf);
    const known = this.consumers.get(name);
    if (known !== undefined && known.subjects.size === keys.length && keys.every((key) => known.subjects.has(key))) return known.listen(handle);
    known?.forget();
    const consumer = new Consumer(new Set(keys), new Mischief(this.nastiness));
    this.consumers.set(name, consumer);
    return consumer.listen(handle);
  }

  /** Keeps nothing more under names that begin so. */
  forget(prefix: string): void {
    for (const [name, consumer] of this.consumers) {
      if (!name.startsWith(prefix)) continue;
      consumer.forget();
      this.consumers.delete(name);
    }
  }
}

function keyOf({ namespace, bus, source, event }: Subject): string {
  return `${namespace}/${bus}/${source}/${event}`;
}
