import type { Objects } from '../controller.js';
import { refOf, withCondition, type KubeObject, type ObjectRef } from '../objects/kube-object.js';
import { mergePatch } from '../objects/merge.js';
import { ObjectError } from '../objects/object-error.js';
import type { Address } from './address.js';
import { apiVersionOf, type ApiKind } from './kinds.js';
import { fieldSelector, labelSelector } from './selectors.js';

/** The body of an answer, with its status. */
export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

/** The objects that a query asks for. Throws BadRequest for a selector that cannot be read. */
export function selected(objects: Objects, { kind, namespace }: Address, query: URLSearchParams): KubeObject[] {
  const byLabel = labelSelector(query.get('labelSelector'));
  const byField = fieldSelector(query.get('fieldSelector'));
  return objects.list(kind.kind, kind.namespaced ? { namespace } : {}).filter((object) => byLabel(object) && byField(object));
}

/** The object that a request names. Throws NotFound. */
export function found(objects: Objects, address: Address): KubeObject {
  const object = objects.get(refAt(address));
  if (object === undefined) throw missing(address);
  return object;
}

/** POST */
export function created(objects: Objects, address: Address, body: unknown): KubeObject {
  if (address.name !== undefined) throw new ObjectError('MethodNotAllowed', 'the server does not allow this method on the requested resource');
  const object = objectOf(body, address);
  if (object.metadata.resourceVersion !== undefined) throw new ObjectError('Unknown', 'resourceVersion should not be set on objects to be created');
  return guarded(address, object.metadata.name, () => objects.create(object));
}

/** PUT; of `/status` only the status is taken, of the object everything else. */
export function replaced(objects: Objects, address: Address, body: unknown): KubeObject {
  const object = objectOf(body, address);
  return changed(objects, address, object.metadata.resourceVersion, (live) => (address.subresource === 'status'
    ? { ...live, status: object.status }
    : { ...object, metadata: { ...object.metadata, name: live.metadata.name }, status: object.status ?? live.status }));
}

/** PATCH as RFC 7386, or as a whole object that is applied and made if need be. */
export function patched(objects: Objects, address: Address, contentType: string, body: unknown): KubeObject {
  if (contentType === 'application/apply-patch+yaml') {
    const applied = objectOf(body, address);
    return guarded(address, applied.metadata.name, () => objects.apply(applied).object);
  }
  if (contentType !== 'application/merge-patch+json') {
    throw new ObjectError('UnsupportedMediaType', `a patch of type '${contentType}' is not supported by the laptop's cluster, send application/merge-patch+json`);
  }
  const patch = body as { metadata?: { resourceVersion?: string } } | undefined;
  return changed(objects, address, patch?.metadata?.resourceVersion, (live) => {
    const next = mergePatch(live, body) as KubeObject;
    return address.subresource === 'status' ? { ...live, status: next.status } : next;
  });
}

/** DELETE of one object; preconditions are kept. */
export function removed(objects: Objects, address: Address, body: unknown): Answered {
  const object = found(objects, address);
  const { uid, resourceVersion } = (body as { preconditions?: { uid?: string; resourceVersion?: string } } | undefined)?.preconditions ?? {};
  const { metadata } = object;
  const where = `Operation cannot be fulfilled on ${address.kind.kind} "${metadata.name}": the`;
  if ((uid ?? metadata.uid) !== metadata.uid) {
    throw new ObjectError('Conflict', `${where} UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). `
      + 'The object might have been deleted and then recreated');
  }
  if ((resourceVersion ?? metadata.resourceVersion) !== metadata.resourceVersion) {
    throw new ObjectError('Conflict', `${where} ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record `
      + `(${metadata.resourceVersion}). The object might have been modified`);
  }
  if ((body as { propagationPolicy?: string } | undefined)?.propagationPolicy === 'Orphan') {
    throw new ObjectError('BadRequest', 'propagationPolicy Orphan is not supported by the laptop\'s cluster, what an object owns goes with it');
  }
  objects.remove(refOf(object));
  const details = { name: metadata.name, kind: address.kind.plural, uid: metadata.uid };
  return { status: 200, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details } };
}

/** POST of a Pod's eviction, as a node asks for it that is drained: the Pod is told why it goes, so that who made it can tell that from a failure. */
export function evicted(objects: Objects, address: Address): Answered {
  const why = { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' } as const;
  const pod = objects.update(refOf(found(objects, address)), (live) => (
    { ...live, status: { ...live.status, conditions: withCondition(live.status?.conditions, why, new Date().toISOString()) } }));
  if (pod === undefined) throw missing(address);
  objects.remove(refOf(pod));
  return { status: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' } };
}

/** `configmaps "x"`, as the API server writes it. */
export function nameOf({ plural, group }: ApiKind, name: string): string {
  return `${plural}${group === '' ? '' : `.${group}`} "${name}"`;
}

/** The list that a GET of a collection answers. */
export function listOf({ kind, apiVersion }: Address, items: readonly KubeObject[], resourceVersion: number): unknown {
  return { kind: `${kind.kind}List`, apiVersion, metadata: { resourceVersion: String(resourceVersion) }, items };
}

function changed(objects: Objects, address: Address, expected: string | undefined, change: (live: KubeObject) => KubeObject): KubeObject {
  return guarded(address, address.name!, () => {
    const stored = objects.update(refAt(address), (live) => {
      const next = change(live);
      // Checked by the store itself, in the same breath as the write.
      next.metadata = { ...next.metadata, resourceVersion: expected };
      return next;
    });
    if (stored === undefined) throw missing(address);
    return stored;
  });
}

/** The body as an object of the kind and place that the address says. Throws BadRequest. */
function objectOf(body: unknown, { kind, namespace, name }: Address): KubeObject {
  const object = body as KubeObject;
  const versions = kind.versions.map((version) => apiVersionOf(kind.group, version));
  if (object?.kind !== kind.kind || !versions.includes(object.apiVersion)) {
    throw new ObjectError('BadRequest', `the object provided is unrecognized (must be of type ${kind.kind}, got ${object?.apiVersion}, ${object?.kind})`);
  }
  const metadata = object.metadata ?? {};
  if (namespace !== undefined && metadata.namespace !== undefined && metadata.namespace !== namespace) {
    throw new ObjectError('BadRequest', 'the namespace of the provided object does not match the namespace sent on the request');
  }
  if (name !== undefined && metadata.name !== undefined && metadata.name !== name) {
    throw new ObjectError('BadRequest', `the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
  return { ...object, metadata: { ...metadata, name: name ?? metadata.name, ...namespace === undefined ? {} : { namespace } } };
}

/** The refusals of the store in the words of the API server, which programs may look for. */
function guarded<T>({ kind }: Address, name: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof ObjectError)) throw error;
    if (error.reason === 'AlreadyExists') throw new ObjectError('AlreadyExists', `${nameOf(kind, name)} already exists`, { cause: error });
    if (error.reason !== 'Conflict') throw error;
    const message = `Operation cannot be fulfilled on ${nameOf(kind, name)}: the object has been modified; please apply your changes to the latest version and try again`;
    throw new ObjectError('Conflict', message, { cause: error });
  }
}

function refAt({ kind, namespace, name }: Address): ObjectRef {
  return { kind: kind.kind, namespace: kind.namespaced ? namespace! : 'default', name: name! };
}

function missing({ kind, name }: Address): ObjectError {
  return new ObjectError('NotFound', `${nameOf(kind, name!)} not found`);
}
