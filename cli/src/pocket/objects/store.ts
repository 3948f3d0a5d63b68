import { randomUUID } from 'node:crypto';
import type { ClusterLog, Objects, WatchEvent } from '../controller.js';
import { hasLabels, refOf, refText, type KubeObject, type ObjectRef } from './kube-object.js';
import { applied } from './merge.js';
import { ObjectError } from './object-error.js';
import { ObjectFiles, type Stored } from './object-files.js';
import { formed, sameContent, sameWish } from './object-form.js';
import { randomSuffix } from './random-suffix.js';
import { Watchers } from './watchers.js';

/** How many resource versions are taken from the disk at once. */
const BLOCK = 1000;

/** The objects, in memory and each in a file. A call that throws has changed neither. */
export class ObjectStore implements Objects {
  /** Reads what an earlier cluster left in the folder. */
  static open(folder: string, log: ClusterLog): ObjectStore {
    const files = new ObjectFiles(folder, log);
    const stored = files.load();
    const store = new ObjectStore(files, new Watchers(log), log);
    for (const each of stored) store.keep(refOf(each.object), each);
    // The numbers of a killed cluster's last block are given up: one of them may have named an object that is gone.
    store.version = Math.max(files.loadCounter(), ...stored.map(({ object }) => Number(object.metadata.resourceVersion ?? 0)));
    store.forgotten = store.version;
    for (const { object } of stored) store.removeOrphan(refOf(object));
    return store;
  }

  private readonly byKind = new Map<string, Map<string, Stored>>();
  private readonly byUid = new Map<string, ObjectRef>();
  private version = 0;
  private reserved = 0;
  private forgotten = 0;

  private constructor(private readonly files: ObjectFiles, private readonly watchers: Watchers, private readonly log: ClusterLog) {}

  /** Resource version of the last write. */
  get resourceVersion(): number {
    return this.version;
  }

  /** A watch that saw only older versions than this has missed a deletion and must list again. */
  get lastDeletion(): number {
    return this.forgotten;
  }

  get(ref: ObjectRef): KubeObject | undefined {
    const stored = this.find(ref);
    return stored && structuredClone(stored.object);
  }

  list(kind: string, filter: { readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> } = {}): KubeObject[] {
    return this.objects(kind)
      .filter((object) => filter.namespace === undefined || refOf(object).namespace === filter.namespace)
      .filter((object) => filter.labels === undefined || hasLabels(object, filter.labels))
      .map((object) => structuredClone(object));
  }

  create(object: KubeObject): KubeObject {
    return this.insert(named(object), undefined);
  }

  replace(object: KubeObject): KubeObject {
    const next = formed(object);
    const ref = refOf(next);
    const stored = this.find(ref);
    if (stored === undefined) throw new ObjectError('NotFound', `${refText(ref)} not found`);
    return this.put(ref, stored, next, stored.applied);
  }

  update(ref: ObjectRef, change: (object: KubeObject) => KubeObject | undefined): KubeObject | undefined {
    const stored = this.find(ref);
    if (stored === undefined) return undefined;
    const changed = change(structuredClone(stored.object));
    if (changed === undefined) return structuredClone(stored.object);
    return this.put(ref, stored, formed(changed), stored.applied);
  }

  apply(manifest: KubeObject): { object: KubeObject; change: 'created' | 'changed' | 'unchanged' } {
    const { status: _, ...wanted } = formed(manifest) as KubeObject;
    const ref = refOf(wanted as KubeObject);
    const stored = this.find(ref);
    if (stored === undefined) return { object: this.insert(wanted as KubeObject, wanted as KubeObject), change: 'created' };
    const before = stored.object.metadata.resourceVersion;
    const object = this.put(ref, stored, formed(applied(stored.object, stored.applied, wanted as KubeObject)), wanted as KubeObject);
    return { object, change: object.metadata.resourceVersion === before ? 'unchanged' : 'changed' };
  }

  remove(ref: ObjectRef): void {
    const stored = this.find(ref);
    if (stored === undefined) return;
    this.files.remove(ref);
    this.byKind.get(ref.kind)!.delete(key(ref));
    const uid = stored.object.metadata.uid!;
    this.byUid.delete(uid);
    this.version = this.nextOfRemoval();
    this.forgotten = this.version;
    this.tell('deleted', { ...stored.object, metadata: { ...stored.object.metadata, resourceVersion: String(this.version) } });
    for (const dependent of this.dependents(uid)) this.removeOrphan(dependent);
  }

  watch(kind: string, listener: (event: WatchEvent) => void): () => void {
    return this.watchers.add(kind, this.objects(kind), listener);
  }

  private insert(object: KubeObject, declared: KubeObject | undefined): KubeObject {
    const created = formed(object);
    const ref = refOf(created);
    if (this.find(ref) !== undefined) throw new ObjectError('AlreadyExists', `${refText(ref)} already exists`);
    const { metadata } = created;
    metadata.uid = randomUUID();
    metadata.creationTimestamp = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    if (created.spec !== undefined) metadata.generation = 1;
    this.write(ref, created, declared);
    this.tell('added', created);
    // The garbage collector of a cluster finds it a little later, too.
    setImmediate(() => this.removeOrphan(ref));
    return structuredClone(created);
  }

  /** Writes `next` over what is stored, unless it says the same. */
  private put(ref: ObjectRef, stored: Stored, next: KubeObject, declared: KubeObject | undefined): KubeObject {
    const { metadata: live } = stored.object;
    const given = next.metadata;
    if (key(refOf(next)) !== key(ref) || next.kind !== ref.kind) throw new ObjectError('Invalid', `${refText(ref)} cannot be renamed or moved`);
    if (given.resourceVersion !== undefined && given.resourceVersion !== live.resourceVersion) {
      throw new ObjectError('Conflict', `${refText(ref)} has been modified (${live.resourceVersion}, not ${given.resourceVersion}), read it again`);
    }
    if (given.uid !== undefined && given.uid !== live.uid) {
      throw new ObjectError('Conflict', `${refText(ref)} has been removed and made anew (${live.uid}, not ${given.uid}), read it again`);
    }
    next.metadata = { ...given, uid: live.uid, creationTimestamp: live.creationTimestamp, resourceVersion: live.resourceVersion };
    if (live.generation !== undefined) next.metadata.generation = live.generation;
    const same = sameContent(stored.object, next);
    if (same && JSON.stringify(declared) === JSON.stringify(stored.applied)) return structuredClone(stored.object);
    if (same) {
      // What the user declares has changed, but the object had it already: nothing to tell.
      this.files.write(ref, { object: stored.object, applied: declared });
      this.keep(ref, { object: stored.object, applied: declared });
      return structuredClone(stored.object);
    }
    if (!sameWish(stored.object, next) && next.spec !== undefined) next.metadata.generation = (live.generation ?? 0) + 1;
    this.write(ref, next, declared);
    this.tell('modified', next);
    return structuredClone(next);
  }

  private write(ref: ObjectRef, object: KubeObject, declared: KubeObject | undefined): void {
    const version = this.next();
    object.metadata.resourceVersion = String(version);
    const stored = declared === undefined ? { object } : { object, applied: declared };
    this.files.write(ref, stored);
    this.version = version;
    this.keep(ref, stored);
  }

  private next(): number {
    const version = this.version + 1;
    if (version > this.reserved) {
      this.files.writeCounter(version + BLOCK);
      this.reserved = version + BLOCK;
    }
    return version;
  }

  /** A removal must succeed on a full disk: it makes room. */
  private nextOfRemoval(): number {
    try {
      return this.next();
    } catch {
      return this.version + 1;
    }
  }

  private keep(ref: ObjectRef, stored: Stored): void {
    const objects = this.byKind.get(ref.kind) ?? new Map<string, Stored>();
    this.byKind.set(ref.kind, objects.set(key(ref), stored));
    this.byUid.set(stored.object.metadata.uid!, ref);
  }

  /** Removes an object that had owners and has none any more. */
  private removeOrphan(ref: ObjectRef): void {
    const owners = this.find(ref)?.object.metadata.ownerReferences;
    if (owners === undefined || owners.length === 0 || owners.some(({ uid }) => this.byUid.has(uid))) return;
    try {
      this.remove(ref);
    } catch (error) {
      this.log.warn('an object that nobody owns any more could not be removed', { object: refText(ref), error: String(error) });
    }
  }

  private dependents(uid: string): ObjectRef[] {
    return [...this.byKind.values()].flatMap((objects) => [...objects.values()])
      .filter(({ object }) => object.metadata.ownerReferences?.some((owner) => owner.uid === uid))
      .map(({ object }) => refOf(object));
  }

  private find(ref: ObjectRef): Stored | undefined {
    return this.byKind.get(ref.kind)?.get(key(ref));
  }

  private objects(kind: string): KubeObject[] {
    return [...this.byKind.get(kind)?.values() ?? []].map(({ object }) => object);
  }

  private tell(type: WatchEvent['type'], object: KubeObject): void {
    this.watchers.tell({ type, object });
  }
}

function key({ namespace, name }: ObjectRef): string {
  return `${namespace}/${name}`;
}

/** The object with a name, made from `generateName` if it has none. */
function named(object: KubeObject): KubeObject {
  const { name, generateName } = object.metadata ?? {};
  if (name !== undefined || generateName === undefined) return object;
  return { ...object, metadata: { ...object.metadata, name: generateName + randomSuffix() } };
}
