import { Connections } from './forward.js';
import { Address, ServiceName, ServiceTable } from './services.js';

/** Whose turn it is among the servers of each Service, and to which of them connections may be open. */
export class Turns {
  private readonly next = new Map<string, number>();
  private readonly used = new Map<string, ServiceName>();

  /** The ready servers of a Service, the one whose turn it is first. */
  public order(services: ServiceTable, service: ServiceName): Address[] {
    const key = `${service.namespace}/${service.name}:${service.port}`;
    const ready = services.ready(service);
    if (ready.length === 0) return [];
    this.used.set(key, service);
    const turn = (this.next.get(key) ?? 0) % ready.length;
    this.next.set(key, turn + 1);
    return [...ready.slice(turn), ...ready.slice(0, turn)];
  }

  /** Closes idle connections to servers that are behind no Service any more. */
  public closeGone(services: ServiceTable, connections: Connections): void {
    for (const [key, service] of this.used) {
      if (!services.isKnown(service)) {
        this.used.delete(key);
        this.next.delete(key);
      }
    }
    connections.keepOnly([...this.used.values()].flatMap((service) => services.ready(service)));
  }
}
