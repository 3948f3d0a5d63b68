import type { KubeObject, ObjectRef } from './objects/kube-object.js';

/**
 * A controller of the pocket cluster: brings one kind of object to what its spec says.
 *
 * It is level-based: it looks at what is there now, not at what changed, so that a start over the state of a killed cluster
 * needs no code of its own. `start` returns when it watches; `stop` when nothing of it is left running.
 */
export interface Controller {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface WatchEvent {
  readonly type: 'added' | 'modified' | 'deleted';
  readonly object: KubeObject;
}

/** The API of the pocket cluster as its controllers use it: the objects themselves, in memory and on disk. */
export interface Objects {
  /** A copy, which the caller may change and hand back. */
  get(ref: ObjectRef): KubeObject | undefined;
  list(kind: string, filter?: { readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> }): KubeObject[];
  /** Fails if there is one. Gives it uid, resourceVersion and creationTimestamp. */
  create(object: KubeObject): KubeObject;
  /** Fails if its resourceVersion is given and not the stored one, or if it is gone. The same content is no write. */
  replace(object: KubeObject): KubeObject;
  /** Reads, changes and writes in one; the change may return undefined to leave it. Does nothing when there is none. */
  update(ref: ObjectRef, change: (object: KubeObject) => KubeObject | undefined): KubeObject | undefined;
  /** As `kubectl apply` of a whole object: creates it, or replaces what the user declares and keeps status and what others own. */
  apply(object: KubeObject): { readonly object: KubeObject; readonly change: 'created' | 'changed' | 'unchanged' };
  /** Removes it and, through owner references, what it owns. */
  remove(ref: ObjectRef): void;
  /** Calls back for each object of the kind that is there (as added) and for each change after; returns how to end it. Never during a call of the caller. */
  watch(kind: string, listener: (event: WatchEvent) => void): () => void;
}

/** A log of the cluster itself, told apart from the logs of containers. */
export interface ClusterLog {
  info(message: string, keys?: Readonly<Record<string, unknown>>): void;
  warn(message: string, keys?: Readonly<Record<string, unknown>>): void;
}
