import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from './kube-object.js';
import { ObjectError } from './object-error.js';

/** Kinds whose objects lie in no namespace. */
export const CLUSTER_KINDS: ReadonlySet<string> = new Set(['ClusterRole', 'ClusterRoleBinding', 'Namespace', 'PersistentVolume', 'StorageClass']);

/** What the API server lets into a ConfigMap or a Secret, in bytes. */
const LARGEST_DATA = 1024 * 1024;

/** A form of names: its pattern without anchors, the longest, and the words in which the API server asks for it. */
interface NameForm {
  readonly pattern: string;
  readonly longest: number;
  readonly wanted: string;
  readonly examples: string;
}

const SUBDOMAIN: NameForm = {
  pattern: '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*',
  longest: 253,
  wanted: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  examples: "'example.com'",
};
const LABEL: NameForm = {
  pattern: '[a-z0-9]([-a-z0-9]*[a-z0-9])?',
  longest: 63,
  wanted: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  examples: "'my-name',  or '123-abc'",
};
const SERVICE: NameForm = {
  pattern: '[a-z]([-a-z0-9]*[a-z0-9])?',
  longest: 63,
  wanted: "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  examples: "'my-name',  or 'abc-123'",
};
const LABEL_VALUE: NameForm = {
  pattern: '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?',
  longest: 63,
  wanted: "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  examples: "'MyValue',  or 'my_value',  or '12345'",
};
/** RBAC allows more: the names of its objects are path segments. */
const SEGMENT = /^(?!\.{1,2}$)[^/%\u0000-\u001f]+$/;

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

function checkNames(object: KubeObject): void {
  const { kind, metadata: { name, namespace, labels } } = object;
  if (name === undefined || name === '') throw invalid(object, 'metadata.name: Required value: name or generateName is required');
  if (/^(Cluster)?Role(Binding)?$/.test(kind)) {
    if (typeof name !== 'string' || !SEGMENT.test(name)) throw invalid(object, `metadata.name: Invalid value: ${JSON.stringify(name)}: may not contain '/'`);
  } else {
    checkName(object, 'metadata.name', name, kind === 'Service' ? SERVICE : SUBDOMAIN);
  }
  if (namespace !== undefined) checkName(object, 'metadata.namespace', namespace, LABEL);
  for (const value of Object.values(labels ?? {})) checkName(object, 'metadata.labels', value, LABEL_VALUE);
}

function checkName(object: KubeObject, field: string, name: unknown, { pattern, longest, wanted, examples }: NameForm): void {
  const isRight = typeof name === 'string' && new RegExp(`^(?:${pattern})$`).test(name);
  if (isRight && name.length <= longest) return;
  throw invalid(object, `${field}: Invalid value: ${JSON.stringify(name)}: `
    + (isRight ? `must be no more than ${longest} characters` : `${wanted} (e.g. ${examples}, regex used for validation is '${pattern}')`));
}

/** The refusal in the words of the API server: `Workflow.argoproj.io "x" is invalid: …`. */
function invalid({ apiVersion, kind, metadata }: KubeObject, problem: string): ObjectError {
  const [group] = apiVersion.includes('/') ? apiVersion.split('/') : [];
  return new ObjectError('Invalid', `${kind}${group === undefined ? '' : `.${group}`} "${metadata.name ?? ''}" is invalid: ${problem}`);
}

/** `stringData` is for writing only; readers find it in `data`. */
function encodeSecret(secret: KubeObject): void {
  if (secret.stringData === undefined) return;
  const encoded = Object.entries(secret.stringData as Record<string, string>).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  secret.data = { ...secret.data, ...Object.fromEntries(encoded) };
  delete secret.stringData;
}

function checkSize(object: KubeObject): void {
  const { apiVersion, kind, data, binaryData } = object;
  let bytes = 0;
  for (const value of [...Object.values(data ?? {}), ...Object.values(binaryData ?? {})]) {
    if (typeof value !== 'string') {
      const got = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
      throw new ObjectError('BadRequest', `${kind} in version "${apiVersion}" cannot be handled as a ${kind}: json: cannot unmarshal ${got} into Go struct field `
        + `${kind}.data of type string`);
    }
    bytes += Buffer.byteLength(value);
  }
  if (bytes > LARGEST_DATA) throw invalid(object, `[]: Too long: may not be more than ${LARGEST_DATA} bytes`);
}
