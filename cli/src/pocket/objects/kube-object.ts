/** The part of an object that every kind has; the rest is the kind's own. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  // A controller narrows to the structs of the kinds that it knows.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [key: string]: any;
}

export interface Metadata {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  creationTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean; blockOwnerDeletion?: boolean }[];
}

/** Where an object is: kinds are told apart by name alone, since we synthesise no two of one name. */
export interface ObjectRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export function refOf({ kind, metadata }: KubeObject): ObjectRef {
  return { kind, namespace: metadata.namespace ?? 'default', name: metadata.name };
}

/** `Job default/digits-0a1b`, as messages show it and maps key it. */
export function refText({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${namespace}/${name}`;
}

/** Whether an object carries all these labels. */
export function hasLabels(object: KubeObject, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => object.metadata.labels?.[key] === value);
}
