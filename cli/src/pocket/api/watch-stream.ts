import type { ServerResponse } from 'node:http';
import type { KubeObject } from '../objects/kube-object.js';
import { ObjectError } from '../objects/object-error.js';
import type { ObjectStore } from '../objects/store.js';
import type { Address } from './address.js';
import { fieldSelector, labelSelector } from './selectors.js';
import { statusOf } from './status.js';

/**
 * Answers a watch: a line of JSON for each change of the objects asked for. Without a resource version it begins with all that are there; with one, with
 * those that changed since, unless something was removed since, which only a new list can tell: then with the error Expired. Returns how to end it.
 */
export function streamWatch(store: ObjectStore, { kind, namespace }: Address, query: URLSearchParams, response: ServerResponse): () => void {
  const byLabel = labelSelector(query.get('labelSelector'));
  const byField = fieldSelector(query.get('fieldSelector'));
  const isAsked = (object: KubeObject) => (namespace === undefined || object.metadata.namespace === namespace) && byLabel(object) && byField(object);
  const since = Number(query.get('resourceVersion') ?? 0);
  if (!Number.isSafeInteger(since)) throw new ObjectError('BadRequest', `'resourceVersion' (${query.get('resourceVersion')}) must be a number`);
  const known = new Set<string>();
  response.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
  response.flushHeaders();
  const send = (type: string, object: unknown) => response.write(`${JSON.stringify({ type, object })}\n`);
  if (since > 0 && since < store.lastDeletion) {
    send('ERROR', statusOf(new ObjectError('Expired', `too old resource version: ${since} (${store.lastDeletion})`)));
    response.end();
    return () => undefined;
  }
  if (since > 0) for (const object of store.list(kind.kind).filter(isAsked)) if (versionOf(object) <= since) known.add(object.metadata.uid!);
  const end = store.watch(kind.kind, ({ type, object }) => {
    const uid = object.metadata.uid!;
    const wasThere = known.has(uid);
    // An object that leaves the selection is gone for who watches it.
    const isThere = type !== 'deleted' && isAsked(object);
    if (isThere) known.add(uid);
    else known.delete(uid);
    if (isThere && versionOf(object) > since) send(wasThere ? 'MODIFIED' : 'ADDED', object);
    else if (!isThere && wasThere) send('DELETED', object);
  });
  const seconds = Number(query.get('timeoutSeconds') ?? 0);
  const timer = seconds > 0 ? setTimeout(() => response.end(), Math.min(seconds * 1000, 2 ** 31 - 1)) : undefined;
  const stop = () => {
    end();
    clearTimeout(timer);
    if (!response.writableEnded) response.end();
  };
  response.once('close', stop);
  return stop;
}

function versionOf({ metadata }: KubeObject): number {
  return Number(metadata.resourceVersion);
}
