import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { LABEL, MANAGED_BY } from '../contract/constants';
import { AxonSensor } from '../contract/documents';
import { Template } from '../crd/argo-workflows';
import { Labels, SecretKeyRef } from '../crd/kube';
import { sortedBy } from './canonical';

/** A permission in the axon's namespace. */
export interface Rule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly resourceNames?: string[];
  readonly verbs: string[];
}

/** An event that comes in over HTTP, and the dependency of the Sensor object that stands for it. */
export interface Webhook {
  /** Event, path and dependency name: begins with a letter, no dot, no underscore. */
  readonly name: string;
  readonly kind: 'task' | 'rest' | 'alert' | 'sweep';
}

/** What a delivered event starts: one small run, named after the event. */
export interface Delivery {
  readonly webhook: string;
  /** The template of the WorkflowTemplate that the run enters. */
  readonly entrypoint: string;
  /** The middle of the run's name. */
  readonly part: string;
  /** Parameters of the axon that the payload may set, with their defaults. */
  readonly parameters?: readonly (readonly [name: string, fallback: string])[];
}

/** A rule whose alert comes back as an event. */
export interface Alert {
  readonly name: string;
  readonly sensor: string;
  readonly webhook: string;
  readonly expression: string;
  readonly forSeconds: number;
  readonly keepSeconds: number;
  readonly repeatSeconds: number;
  readonly summary: string;
}

/** What of an axon shows in objects of every kind. */
export interface AxonTraits {
  readonly registryCredentials?: SecretKeyRef;
}

interface AccountTraits {
  /** Whether several axons may bring it. */
  readonly shared?: boolean;
  /** Whether pods that run the user's code have it. */
  readonly usersCode?: boolean;
}

interface Made {
  readonly rank: number;
  readonly kind: string;
  readonly name: string;
  readonly make: (scope: Construct, id: string) => ApiObject;
}

/** What must exist before what: kubectl applies a file from top to bottom. */
const RANKS = [
  'PersistentVolume', 'ServiceAccount', 'Role', 'RoleBinding', 'ConfigMap', 'PersistentVolumeClaim', 'NetworkPolicy', 'Service', 'EventBus', 'Job', 'Deployment',
  'Gateway', 'VirtualService', 'ServiceMonitor', 'PrometheusRule', 'WorkflowTemplate', 'EventSource', 'Sensor', 'AlertmanagerConfig',
  'CronWorkflow', 'Workflow',
];

/**
 * The manifests of one axon, or of a platform, while they are put together: parts add fragments
 * that end up in a shared object (templates, webhooks, alerts, permissions) or whole objects.
 * The result is sorted, so that it does not depend on who added first.
 */
export class Assembly {
  public readonly templates: Template[] = [];
  public readonly webhooks: Webhook[] = [];
  public readonly deliveries: Delivery[] = [];
  public readonly alerts: Alert[] = [];
  public readonly sensors: AxonSensor[] = [];
  private readonly made: Made[] = [];

  /**
   * @param namespace of every object
   * @param owner     what the objects belong to, as their `app.kubernetes.io/part-of`
   * @param axon      what of an axon shows in its objects, when they belong to one
   */
  constructor(public readonly namespace: string, private readonly owner: string, private readonly axon?: AxonTraits) {}

  public labels(component: string): Labels {
    return {
      [LABEL.NAME]: component,
      [LABEL.PART_OF]: this.owner,
      [LABEL.MANAGED_BY]: MANAGED_BY,
      ...(this.axon && { [LABEL.AXON]: this.owner }),
      [LABEL.COMPONENT]: component,
    };
  }

  /** A custom resource; its spec is one of our structs. */
  public custom(apiVersion: string, kind: string, name: string, component: string, spec: object, labels: Labels = {}): void {
    const metadata = { name, namespace: this.namespace, labels: { ...labels, ...this.labels(component) } };
    this.object(kind, name, (scope, id) => new ApiObject(scope, id, { apiVersion, kind, metadata, spec }));
  }

  /** A ConfigMap that holds one contract document. */
  public document(name: string, component: string, key: string, document: object): void {
    this.object('ConfigMap', name, (scope, id) => new k8s.KubeConfigMap(scope, id, {
      metadata: { name, namespace: this.namespace, labels: { ...this.labels(component) } },
      data: { [key]: `${JSON.stringify(document, undefined, 2)}\n` },
    }));
  }

  /**
   * A service account with just these permissions; none at all makes the account alone. Steps of one
   * program share theirs, and one whose name the user chose may be that of several axons.
   *
   * Pods find its token only where they call the API: one that may do nothing has no use for it, and
   * the user's code does not get that of Argo's containers beside it.
   */
  public account(name: string, component: string, rules: Rule[], { shared = false, usersCode = false }: AccountTraits = {}): void {
    if (this.made.some((made) => made.kind === 'ServiceAccount' && made.name === name)) {
      return;
    }
    const login = this.axon?.registryCredentials;
    const metadata = { name, namespace: this.namespace, labels: { ...(shared ? sharedLabels(component) : this.labels(component)) } };
    this.object('ServiceAccount', name, (scope, id) => new k8s.KubeServiceAccount(scope, id, {
      metadata,
      ...(login && { imagePullSecrets: [{ name: login.name }] }),
      // Whoever names an account may have bound more to it, for code that calls the API.
      ...((rules.length === 0 || (usersCode && !shared)) && { automountServiceAccountToken: false }),
    }));
    if (rules.length > 0) {
      this.object('Role', name, (scope, id) => new k8s.KubeRole(scope, id, { metadata, rules }));
      this.object('RoleBinding', name, (scope, id) => new k8s.KubeRoleBinding(scope, id, {
        metadata,
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
        subjects: [{ kind: 'ServiceAccount', name, namespace: this.namespace }],
      }));
    }
  }

  public object(kind: string, name: string, make: (scope: Construct, id: string) => ApiObject): void {
    this.made.push({ rank: RANKS.indexOf(kind), kind, name, make });
  }

  /** What the objects are called, `kind namespace/name`; two of one app must not share one, unless they bring the same on purpose. */
  public names(): string[] {
    return this.made.map(({ kind, name }) => `${kind} ${this.namespace}/${name}`);
  }

  /** Makes the objects below a scope. */
  public into(scope: Construct): void {
    for (const { kind, name, make } of sortedBy(this.made, (made) => `${String.fromCharCode(65 + made.rank)} ${made.name}`)) {
      make(scope, `${kind}-${name}`);
    }
  }
}

/** Labels of an object that several axons bring with the same content. */
function sharedLabels(component: string): Labels {
  return { [LABEL.NAME]: component, [LABEL.PART_OF]: 'myelin', [LABEL.MANAGED_BY]: MANAGED_BY };
}
