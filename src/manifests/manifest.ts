import { Labels } from '../crd/kube';

/** One Kubernetes object as plain data. */
export interface Manifest {
  readonly kind: Kind;
  /** Its name in programs: the object's name without the hash that some names end in. */
  readonly id: string;
  readonly name: string;
  /** Absent on an object of the whole cluster. */
  readonly namespace?: string;
  readonly labels: Labels;
  /** Besides those of the kind, which win. */
  readonly annotations?: Labels;
  /** The fields beside `apiVersion`, `kind` and `metadata`: those that `KINDS` lists. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A construct that creates objects. */
export type Owner = 'axon' | 'platform';

/** What all objects of a kind have in common. */
interface KindData {
  readonly apiVersion: string;
  /** Which construct creates objects of the kind. */
  readonly owners: readonly Owner[];
  /** The top-level fields that we write. */
  readonly fields: readonly string[];
  readonly clusterScoped?: boolean;
  /** Whether the name ends in a hash of what the object runs, which the id leaves out. */
  readonly hashedName?: boolean;
  readonly annotations?: Readonly<Record<string, string>>;
}

const spec = ['spec'];
const AXON: readonly Owner[] = ['axon'];
const PLATFORM: readonly Owner[] = ['platform'];
const BOTH: readonly Owner[] = ['axon', 'platform'];

/** Keeps Argo CD and Flux from pruning the store, which must outlive the axon. */
const NOT_PRUNED = { 'argocd.argoproj.io/sync-options': 'Prune=false', 'kustomize.toolkit.fluxcd.io/prune': 'disabled' };

/** Every kind that we write, in the order in which objects must be applied: kubectl reads a file from top to bottom. */
export const KINDS = {
  PersistentVolume: { owners: AXON, apiVersion: 'v1', fields: spec, clusterScoped: true, annotations: NOT_PRUNED },
  ServiceAccount: { owners: BOTH, apiVersion: 'v1', fields: ['automountServiceAccountToken', 'imagePullSecrets'] },
  Role: { owners: BOTH, apiVersion: 'rbac.authorization.k8s.io/v1', fields: ['rules'] },
  RoleBinding: { owners: BOTH, apiVersion: 'rbac.authorization.k8s.io/v1', fields: ['roleRef', 'subjects'] },
  ConfigMap: { owners: AXON, apiVersion: 'v1', fields: ['data'] },
  PersistentVolumeClaim: { owners: AXON, apiVersion: 'v1', fields: spec, annotations: NOT_PRUNED },
  NetworkPolicy: { owners: AXON, apiVersion: 'networking.k8s.io/v1', fields: spec },
  Service: { owners: BOTH, apiVersion: 'v1', fields: spec },
  EventBus: { owners: PLATFORM, apiVersion: 'argoproj.io/v1alpha1', fields: spec },
  Job: { owners: PLATFORM, apiVersion: 'batch/v1', fields: spec, hashedName: true },
  Deployment: { owners: PLATFORM, apiVersion: 'apps/v1', fields: spec },
  Gateway: { owners: PLATFORM, apiVersion: 'networking.istio.io/v1', fields: spec },
  VirtualService: { owners: AXON, apiVersion: 'networking.istio.io/v1', fields: spec },
  ServiceMonitor: { owners: BOTH, apiVersion: 'monitoring.coreos.com/v1', fields: spec },
  PrometheusRule: { owners: AXON, apiVersion: 'monitoring.coreos.com/v1', fields: spec },
  WorkflowTemplate: { owners: AXON, apiVersion: 'argoproj.io/v1alpha1', fields: spec },
  EventSource: { owners: AXON, apiVersion: 'argoproj.io/v1alpha1', fields: spec },
  Sensor: { owners: AXON, apiVersion: 'argoproj.io/v1alpha1', fields: spec },
  AlertmanagerConfig: { owners: AXON, apiVersion: 'monitoring.coreos.com/v1alpha1', fields: spec },
  CronWorkflow: { owners: AXON, apiVersion: 'argoproj.io/v1alpha1', fields: spec },
  Workflow: { owners: AXON, apiVersion: 'argoproj.io/v1alpha1', fields: spec, hashedName: true },
} as const satisfies Readonly<Record<string, KindData>>;

/** A kind that we write. */
export type Kind = keyof typeof KINDS;

/** Whether we write objects of a kind. */
export function isKind(kind: string): kind is Kind {
  return Object.hasOwn(KINDS, kind);
}

/** The facts of a kind, under the type that all kinds share. */
export function kindData(kind: Kind): KindData {
  return KINDS[kind];
}

const RANKS = new Map(Object.keys(KINDS).map((kind, rank) => [kind, rank]));

/** Sorts by kind, in the order in which objects must be applied, then by name. */
export function byKindAndName(a: Pick<Manifest, 'kind' | 'name'>, b: Pick<Manifest, 'kind' | 'name'>): number {
  return RANKS.get(a.kind)! - RANKS.get(b.kind)! || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
