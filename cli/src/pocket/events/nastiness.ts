import { randomUUID } from 'node:crypto';
import type { BusEvent } from './event.js';

/** What a bus may do that a kind one does not. The same seed does the same. */
export interface Nastiness {
  readonly seed: number;
  /** How often an event may come again, at most. */
  readonly duplicates?: number;
  /** How late an event may come, at most, in milliseconds; a later one may come before it. */
  readonly delay?: number;
  /** What is published first after a Sensor has begun to listen is lost, as by one that subscribed a little later. */
  readonly losesFirst?: boolean;
}

/** All that has been seen of Argo Events at once. */
export const NASTY: Nastiness = { seed: 1, duplicates: 3, delay: 100, losesFirst: true };

export interface Delivery {
  readonly event: BusEvent;
  /** Milliseconds. */
  readonly delay: number;
}

/** What one subscription makes of what is published. */
export class Mischief {
  private state: number;
  private first = true;

  constructor(private readonly nastiness: Nastiness | undefined) {
    // The first numbers of small seeds are small: further on they are not.
    this.state = (((nastiness?.seed ?? 0) % MODULUS) + 1) * 48_271 % MODULUS;
    for (let skipped = 0; skipped < 8; skipped++) this.below(2);
  }

  deliveries(event: BusEvent): Delivery[] {
    const { duplicates = 0, delay = 0, losesFirst = false } = this.nastiness ?? {};
    const lost = this.first && losesFirst;
    this.first = false;
    if (lost) return [];
    return Array.from({ length: 1 + this.below(duplicates + 1) }, (_, copy) => ({
      // Delivered again after a crash it is the same event; sent again by a client that missed the answer it has an id of its own.
      event: copy === 0 || this.below(2) === 0 ? event : { ...event, id: eventId() },
      delay: this.below(delay + 1),
    }));
  }

  /** A whole number from 0 to below the limit (Park and Miller's generator). */
  private below(limit: number): number {
    if (limit <= 1) return 0;
    this.state = (this.state * 48_271) % MODULUS;
    return Math.floor((this.state / MODULUS) * limit);
  }
}

const MODULUS = 2 ** 31 - 1;

/** Ids of events are random: nothing in them says what the event is about. */
export function eventId(): string {
  return randomUUID().replaceAll('-', '');
}
