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
  /** Ends it; resolves when what is being handled has been. What has not begun is lost. */
  close(): Promise<void>;
}

interface Consumer {
  readonly subjects: ReadonlySet<string>;
  take(event: BusEvent): void;
}

/**
 * The bus between event sources and Sensors. A subscription gets what is published after it began, one event at a time, in the order published unless
 * nastiness says otherwise. Nothing outlives the process: a cluster that is killed loses what was under way.
 */
export class EventBus {
  private readonly consumers = new Set<Consumer>();

  constructor(private readonly nastiness?: Nastiness) {}

  publish(subject: Omit<Subject, 'source' | 'event'>, event: BusEvent): void {
    const key = keyOf({ ...subject, source: event.source, event: event.subject });
    for (const consumer of this.consumers) if (consumer.subjects.has(key)) consumer.take(event);
  }

  /** Hands each event over when the one before has been handled. */
  subscribe(subjects: readonly Subject[], handle: (event: BusEvent) => Promise<void>): Subscription {
    const mischief = new Mischief(this.nastiness);
    const timers = new Set<NodeJS.Timeout>();
    let handled: Promise<void> = Promise.resolve();
    let open = true;
    const enqueue = (event: BusEvent): void => {
      handled = handled.then(() => (open ? handle(event) : undefined));
    };
    const consumer: Consumer = {
      subjects: new Set(subjects.map(keyOf)),
      take: (event) => {
        for (const delivery of mischief.deliveries(event)) {
          if (delivery.delay === 0) {enqueue(delivery.event);} else {
            const timer = setTimeout(() => {
              timers.delete(timer);
              enqueue(delivery.event);
            }, delivery.delay);
            timers.add(timer);
          }
        }
      },
    };
    this.consumers.add(consumer);
    return {
      close: async () => {
        open = false;
        this.consumers.delete(consumer);
        timers.forEach((timer) => clearTimeout(timer));
        await handled;
      },
    };
  }
}

function keyOf({ namespace, bus, source, event }: Subject): string {
  return `${namespace}/${bus}/${source}/${event}`;
}
