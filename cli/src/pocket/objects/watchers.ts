import type { ClusterLog, WatchEvent } from '../controller.js';
import type { KubeObject } from './kube-object.js';

/** One who watches a kind: what it has not been told yet, in order. */
class Watcher {
  private queue: WatchEvent[] = [];
  private scheduled = false;
  private ended = false;

  constructor(private readonly listener: (event: WatchEvent) => void, private readonly log: ClusterLog) {}

  tell(event: WatchEvent): void {
    // Level-based: between two looks only the last state of an object counts, but no deletion may be missed.
    const before = this.queue.findIndex(({ object }) => object.metadata.uid === event.object.metadata.uid);
    if (before >= 0 && event.type === 'modified') this.queue[before] = { type: this.queue[before]!.type, object: event.object };
    else this.queue.push(event);
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.deliver());
  }

  end(): void {
    this.ended = true;
    this.queue = [];
  }

  private deliver(): void {
    this.scheduled = false;
    const queue = this.queue;
    this.queue = [];
    for (const { type, object } of queue) {
      if (this.ended) return;
      try {
        this.listener({ type, object: structuredClone(object) });
      } catch (error) {
        this.log.warn('a listener of the objects failed', { kind: object.kind, name: object.metadata.name, error: String(error) });
      }
    }
  }
}

/** Those who watch, by kind. Listeners are called later, never during the call that changes something. */
export class Watchers {
  private readonly byKind = new Map<string, Set<Watcher>>();

  constructor(private readonly log: ClusterLog) {}

  /** Tells of the objects that are there, and from now on of each change; returns how to end it. */
  add(kind: string, there: readonly KubeObject[], listener: (event: WatchEvent) => void): () => void {
    const watcher = new Watcher(listener, this.log);
    const watchers = this.byKind.get(kind) ?? new Set();
    this.byKind.set(kind, watchers.add(watcher));
    for (const object of there) watcher.tell({ type: 'added', object });
    return () => {
      watchers.delete(watcher);
      watcher.end();
    };
  }

  tell(event: WatchEvent): void {
    for (const watcher of this.byKind.get(event.object.kind) ?? []) watcher.tell(event);
  }
}
