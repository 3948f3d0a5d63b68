import { MyelinError } from '../shared/errors.js';
import { KINDS, type KubeClient, type KubeKind, type KubeObject } from './client.js';

/** One call of a client, as {@link MemoryKube.onCall} sees it. */
export interface KubeCall {
  /** Place among all calls of all clients, from 1. */
  readonly number: number;
  /** Whether the effect is still to come or has happened: a hook that throws is a request that was lost, or an answer that was. */
  readonly when: 'before' | 'after';
  readonly verb: 'get' | 'list' | 'create' | 'replace' | 'remove';
  readonly kind: string;
  /** Empty for a list. */
  readonly name: string;
  readonly namespace: string;
}

/** An object as the store holds it. */
// The rest of an object is its kind's own, and tests look at all of it.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type StoredObject = KubeObject & { metadata: StoredMetadata; [key: string]: any };

type StoredMetadata = KubeObject['metadata'] & { namespace: string; uid: string; resourceVersion: string; generation?: number };

/**
 * A Kubernetes API in memory, for tests: optimistic concurrency, uids, generations, status as its own affair, and removal of what
 * a removed object owned. No admission, no defaults, no controllers; a test plays those with {@link edit} and {@link onCall}.
 */
export class MemoryKube {
  /** Called (and awaited) before and after the effect of each call; what it throws is what the caller gets. */
  onCall?: (call: KubeCall) => void | Promise<void>;
  private readonly objects = new Map<string, StoredObject>();
  private calls = 0;
  private writes = 0;

  /** How many calls were made. */
  get callCount(): number {
    return this.calls;
  }

  client(namespace: string): KubeClient {
    const call = <R>(verb: KubeCall['verb'], kind: KubeKind, name: string, effect: () => R) => this.call({ verb, kind: kind.kind, name, namespace }, effect);
    return {
      get: <T extends KubeObject>(kind: KubeKind, name: string) => call('get', kind, name, () => this.find(kind.kind, name, namespace) as T | undefined),
      list: <T extends KubeObject>(kind: KubeKind, labels?: Readonly<Record<string, string>>) =>
        call('list', kind, '', () => this.all(kind.kind, { namespace, labels }) as unknown as T[]),
      create: <T extends KubeObject>(kind: KubeKind, object: T) =>
        call('create', kind, object.metadata.name, () => this.insert(checked(kind, object), namespace) as unknown as T),
      replace: <T extends KubeObject>(kind: KubeKind, object: T) =>
        call('replace', kind, object.metadata.name, () => this.swap(checked(kind, object), namespace) as unknown as T),
      remove: (kind: KubeKind, name: string) => call('remove', kind, name, () => this.erase(kind.kind, name, namespace)),
    };
  }

  /** Puts objects there, as a user's apply before the test would: no call, no hook. */
  put(...objects: readonly KubeObject[]): void {
    for (const object of objects) {
      const namespace = object.metadata.namespace ?? 'default';
      this.objects.delete(keyOf(object.kind, object.metadata.name, namespace));
      this.insert(object, namespace);
    }
  }

  /** A copy of an object, or undefined; no call. */
  find(kind: string, name: string, namespace = 'default'): StoredObject | undefined {
    const found = this.objects.get(keyOf(kind, name, namespace));
    return found && structuredClone(found);
  }

  /** Copies of the objects of a kind, sorted by name; no call. */
  all(kind: string, filter: { readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> } = {}): StoredObject[] {
    return [...this.objects.values()]
      .filter((object) => object.kind === kind && (filter.namespace === undefined || object.metadata.namespace === filter.namespace))
      .filter((object) => Object.entries(filter.labels ?? {}).every(([key, value]) => object.metadata.labels?.[key] === value))
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
      .map((object) => structuredClone(object));
  }

  /** Changes an object in place, as a controller or a person would, status included; no call. Throws when there is none. */
  edit(kind: string, name: string, change: (object: StoredObject) => void, namespace = 'default'): void {
    const object = this.find(kind, name, namespace);
    if (object === undefined) throw new Error(`no ${kind} ${namespace}/${name} to edit`);
    change(object);
    this.store(object);
  }

  /** Makes the call with that number, and only it, throw: before its effect, or after it. */
  failAt(number: number, when: KubeCall['when'], error: Error = new Error(`connection lost ${when} the effect of call ${number}`)): void {
    this.onCall = (call) => {
      if (call.number === number && call.when === when) throw error;
    };
  }

  private async call<R>(call: Omit<KubeCall, 'number' | 'when'>, effect: () => R): Promise<R> {
    const number = ++this.calls;
    // Other clients get a turn between two calls, as they would over a network.
    await new Promise(setImmediate);
    await this.onCall?.({ ...call, number, when: 'before' });
    const result = effect();
    await this.onCall?.({ ...call, number, when: 'after' });
    return result;
  }

  private insert(object: KubeObject, namespace: string): StoredObject {
    const { name } = object.metadata;
    if (this.objects.has(keyOf(object.kind, name, namespace))) {
      throw new MyelinError('MYELIN_KUBE_EXISTS', { object: `${object.kind} ${namespace}/${name}` });
    }
    const copy = structuredClone(object) as StoredObject;
    copy.metadata = {
      ...copy.metadata,
      namespace,
      uid: `uid-${String(this.writes + 1).padStart(6, '0')}`,
      creationTimestamp: new Date(Date.UTC(2026, 0, 1) + this.writes * 1000).toISOString().replace('.000', ''),
      ...('spec' in copy && { generation: 1 }),
    };
    return this.store(copy);
  }

  private swap(object: KubeObject, namespace: string): StoredObject {
    const { name, resourceVersion } = object.metadata;
    const shown = `${object.kind} ${namespace}/${name}`;
    if (resourceVersion === undefined) throw new MyelinError('MYELIN_KUBE_VERSION_MISSING', { object: shown });
    const stored = this.objects.get(keyOf(object.kind, name, namespace));
    if (stored?.metadata.resourceVersion !== resourceVersion) throw new MyelinError('MYELIN_KUBE_CONFLICT', { object: shown });
    const copy = structuredClone(object) as StoredObject;
    const { uid, creationTimestamp, generation = 0 } = stored.metadata;
    const changed = same(copy.spec, stored.spec) ? 0 : 1;
    copy.metadata = { ...copy.metadata, namespace, uid, creationTimestamp, ...('spec' in copy && { generation: generation + changed }) };
    if (stored.status !== undefined) copy.status = structuredClone(stored.status);
    return same(copy, stored) ? structuredClone(stored) : this.store(copy);
  }

  private store(object: StoredObject): StoredObject {
    object.metadata.resourceVersion = String(++this.writes);
    this.objects.set(keyOf(object.kind, object.metadata.name, object.metadata.namespace), object);
    return structuredClone(object);
  }

  private erase(kind: string, name: string, namespace: string): void {
    const key = keyOf(kind, name, namespace);
    const gone = this.objects.get(key);
    if (gone === undefined) return;
    this.objects.delete(key);
    for (const object of [...this.objects.values()]) {
      const owners = object.metadata.ownerReferences ?? [];
      if (!owners.some(({ uid }) => uid === gone.metadata.uid)) continue;
      const left = owners.filter(({ uid }) => uid !== gone.metadata.uid);
      if (left.length === 0) this.erase(object.kind, object.metadata.name, object.metadata.namespace);
      else object.metadata.ownerReferences = left;
    }
  }
}

function keyOf(kind: string, name: string, namespace: string): string {
  return `${kind} ${namespace}/${name}`;
}

/** Refuses what the API server would: an object under the address of another kind, and a name that is none. */
function checked<T extends KubeObject>(kind: KubeKind, object: T): T {
  if (object.kind !== kind.kind || object.apiVersion !== kind.apiVersion) {
    throw new Error(`a ${object.apiVersion} ${object.kind} was sent to ${kind.apiVersion} ${kind.plural}; kinds are ${Object.keys(KINDS).join(', ')}`);
  }
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(object.metadata.name) || object.metadata.name.length > 253) {
    throw new Error(`'${object.metadata.name}' is no name of a ${kind.kind}`);
  }
  return object;
}

/** Whether two values are the same JSON, whatever the order of their keys. */
function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'object' && part !== null && !Array.isArray(part)
    ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
    : part)) ?? '';
}
