import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from './kube-object.js';
import { ObjectError } from './object-error.js';

/** Kinds whose objects lie in no namespace. */
export const CLUSTER_KINDS: ReadonlySet<string> = new Set(['ClusterRole', 'ClusterRoleBinding', 'Namespace', 'PersistentVolume', 'StorageClass']);

/** What the API server lets into a ConfigMap or a Secret, in bytes. */
const LARGEST_DATA = 1024 * 1024;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** RBAC allows more: the names of its objects are path segments. */
const SEGMENT = /^(?!\.{1,2}$)[^/%\u0000-\u001f]+$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** The object as it is stored: plain JSON, a namespace where the kind has one, a Secret's data in base64. Throws Invalid. */
export function formed(given: KubeObject): KubeObject {
  const object = JSON.parse(JSON.stringify(given)) as KubeObject;
  const { kind, metadata } = object;
  if (typeof object.apiVersion !== 'string' || typeof kind !== 'string' || !/^[A-Z][A-Za-z0-9]*$/.test(kind) || metadata === undefined) {
    throw new ObjectError('Invalid', 'an object needs \'apiVersion\', \'kind\' and \'metadata\'');
  }
  if (CLUSTER_KINDS.has(kind)) delete metadata.namespace;
  else metadata.namespace ??= 'default';
  checkNames(object);
  if (kind === 'Secret') encodeSecret(object);
  if (kind === 'Secret' || kind === 'ConfigMap') checkSize(object);
  return object;
}

/** Whether two objects say the same but for what the store itself counts. */
export function sameContent(a: KubeObject, b: KubeObject): boolean {
  return isDeepStrictEqual(uncounted(a), uncounted(b));
}

/** Whether two objects want the same: all but metadata and status. */
export function sameWish(a: KubeObject, b: KubeObject): boolean {
  return isDeepStrictEqual(wish(a), wish(b));
}

function wish(object: KubeObject): Record<string, unknown> {
  const { metadata: _, status: __, ...rest } = object;
  return rest;
}

function uncounted(object: KubeObject): Record<string, unknown> {
  const { resourceVersion: _, generation: __, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function checkNames({ kind, metadata }: KubeObject): void {
  const { name, namespace } = metadata;
  const rbac = /^(Cluster)?Role(Binding)?$/.test(kind);
  if (typeof name !== 'string' || name.length > 253 || !(rbac ? SEGMENT : SUBDOMAIN).test(name)) {
    throw new ObjectError('Invalid', `${kind} '${name}' is invalid: metadata.name: must consist of lower case alphanumeric characters, '-' or '.', `
      + 'and must start and end with an alphanumeric character');
  }
  if (namespace !== undefined && (typeof namespace !== 'string' || namespace.length > 63 || !LABEL.test(namespace))) {
    throw new ObjectError('Invalid', `${kind} '${name}' is invalid: metadata.namespace (${namespace}) must be a DNS label`);
  }
}

/** `stringData` is for writing only; readers find it in `data`. */
function encodeSecret(secret: KubeObject): void {
  if (secret.stringData === undefined) return;
  const encoded = Object.entries(secret.stringData as Record<string, string>).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  secret.data = { ...secret.data, ...Object.fromEntries(encoded) };
  delete secret.stringData;
}

function checkSize({ kind, metadata, data, binaryData }: KubeObject): void {
  let bytes = 0;
  for (const [key, value] of [...Object.entries(data ?? {}), ...Object.entries(binaryData ?? {})]) {
    if (typeof value !== 'string') throw new ObjectError('Invalid', `${kind} '${metadata.name}' is invalid: data[${key}] must be a string`);
    bytes += Buffer.byteLength(value);
  }
  if (bytes > LARGEST_DATA) {
    throw new ObjectError('Invalid', `${kind} '${metadata.name}' is invalid: data: Too long: must have at most ${LARGEST_DATA} bytes (${bytes})`);
  }
}
