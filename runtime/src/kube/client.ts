/** The part of an object that every kind has. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: KubeMetadata;
}

export interface KubeMetadata {
  name: string;
  namespace?: string;
  uid?: string;
  /** Changes with every write; a write that names another one is refused. */
  resourceVersion?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: KubeOwner[];
}

export interface KubeOwner {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** A kind of object, as its address needs it: `{ apiVersion: 'apps/v1', plural: 'deployments' }`. */
export interface KubeKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
}

/** The kinds that programs of the runtime touch. */
export const KINDS = {
  ConfigMap: { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps' },
  Deployment: { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments' },
  DestinationRule: { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', plural: 'destinationrules' },
  Job: { apiVersion: 'batch/v1', kind: 'Job', plural: 'jobs' },
  Pod: { apiVersion: 'v1', kind: 'Pod', plural: 'pods' },
  Secret: { apiVersion: 'v1', kind: 'Secret', plural: 'secrets' },
  Service: { apiVersion: 'v1', kind: 'Service', plural: 'services' },
  VirtualService: { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', plural: 'virtualservices' },
  Workflow: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', plural: 'workflows' },
} as const satisfies Record<string, KubeKind>;

/**
 * What programs need of the Kubernetes API, in one namespace.
 *
 * A call that fails for the network or the server throws an error worth retrying. A call is made at most once: a create whose answer was lost
 * may have happened, so its caller meets MYELIN_KUBE_EXISTS when it tries again.
 */
export interface KubeClient {
  /** The object, or undefined when there is none. */
  get<T extends KubeObject>(kind: KubeKind, name: string): Promise<T | undefined>;
  /** All objects of a kind with all these labels. */
  list<T extends KubeObject>(kind: KubeKind, labels?: Readonly<Record<string, string>>): Promise<T[]>;
  /** Throws MYELIN_KUBE_EXISTS when there is one of that name. Returns it as stored, with uid and resourceVersion. */
  create<T extends KubeObject>(kind: KubeKind, object: T): Promise<T>;
  /** Replaces the whole object. Throws MYELIN_KUBE_CONFLICT when its resourceVersion is not the stored one, or when it is gone. */
  replace<T extends KubeObject>(kind: KubeKind, object: T): Promise<T>;
  /** Removes it, and in the background what it owns; does nothing when there is none. */
  remove(kind: KubeKind, name: string): Promise<void>;
}
