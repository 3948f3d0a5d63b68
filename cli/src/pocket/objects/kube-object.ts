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
  /** Instead of a name: the store appends five letters and digits. */
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  /** Rises with every change of what is wanted: not with a change of metadata or status. */
  generation?: number;
  creationTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: Owner[];
}

export interface Owner {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** A condition of an object's status. */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  lastUpdateTime?: string;
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

/** A reference to the controller that made an object, which goes when the controller's object goes. */
export function ownerOf({ apiVersion, kind, metadata }: KubeObject): Owner {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid!, controller: true, blockOwnerDeletion: true };
}

/** Whether the object with that uid made this one. */
export function isOwnedBy(object: KubeObject, uid: string): boolean {
  return object.metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false;
}

/** The conditions with one of them set; its time of transition stays when its status does. */
export function withCondition(conditions: readonly Condition[] | undefined, condition: Condition, now: string): Condition[] {
  const before = conditions?.find(({ type }) => type === condition.type);
  const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : now;
  const set = { ...condition, lastTransitionTime };
  if (before === undefined) return [...conditions ?? [], set];
  return conditions!.map((each) => (each === before ? set : each));
}
