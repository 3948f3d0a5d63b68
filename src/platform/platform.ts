import { ApiObject, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { defaultRuntimeImage, namespaceOf, statedNamespace } from '../common/defaults';
import { Manifests } from '../common/manifests';
import { nameConflicts } from '../common/object-names';
import { podData, podLabels } from '../common/pod-data';
import { PodOptions } from '../common/pod-options';
import { sizeQuantity } from '../common/quantities';
import { emitWarning, stopping } from '../common/warnings';
import { copied } from '../loop/canonical';
import { platformProblems } from '../loop/checks/platform';
import { PlatformData } from '../loop/platform';
import { PUSHGATEWAY, PUSHGATEWAY_PORT } from '../manifests/deployment';
import { Manifest } from '../manifests/manifest';
import { platformManifests } from '../manifests/platform-manifests';
import { invalid } from '../problem/error';
import { textOf } from '../problem/render';
import { PlatformAttributes, resolvePlatform } from './platform-attributes';

/** The platform of a namespace: one that the app creates, or one that exists already. */
export interface IPlatform {
  /** The namespace of the platform and its axons. Absent when the platform is imported without one: it then fits every namespace. */
  readonly namespace?: string;

  /** @internal */
  _toData(): PlatformData;
}

/** Properties of a `Platform`. */
export interface PlatformProps extends PlatformAttributes {
  /**
   * The number of pods of the event bus: 1, or 3 and more.
   * @default 3
   */
  readonly eventBusReplicas?: number;

  /**
   * The size of the disk of each pod of the event bus. Events that are not delivered yet survive a restart on it.
   * @default Size.gibibytes(1)
   */
  readonly eventBusSize?: Size;

  /**
   * The storage class of those disks.
   * @default - the cluster's default class
   */
  readonly eventBusStorageClass?: string;

  /**
   * The labels of the ingress gateway's pods.
   * @default { istio: 'ingressgateway' }
   */
  readonly gatewaySelector?: Record<string, string>;

  /**
   * Whether to run a Pushgateway in the namespace.
   * @default false
   */
  readonly runPushgateway?: boolean;

  /**
   * Options of the platform's pods: the event bus, the Job that creates the webhook token, and the Pushgateway. Argo Events has no field for
   * the runtime class and the spread of the event bus, and it mounts no volumes.
   * @default - none
   */
  readonly pod?: PodOptions;

  /**
   * The image of the Job that creates the webhook token.
   * @default - the runtime of this version of the library
   */
  readonly runtimeImage?: string;
}

/**
 * The objects that all axons of a namespace share: the event bus, the gateway and the webhook token. Its manifests do not depend on any axon,
 * so several apps can create the same platform.
 */
export class Platform extends Construct implements IPlatform {
  /** Imports a platform that exists already. It creates no object. */
  public static fromPlatformAttributes(scope: Construct, id: string, attributes: PlatformAttributes = {}): IPlatform {
    return new ImportedPlatform(scope, id, attributes);
  }

  /** The namespace of the platform and its axons. */
  public readonly namespace?: string;

  private readonly data: PlatformData;
  private readonly objects: Manifests;
  private accepted = false;

  constructor(scope: Construct, id: string, props: PlatformProps = {}) {
    super(scope, id);
    const namespace = namespaceOf(this, props.namespace);
    const replicas = props.eventBusReplicas ?? 3;
    if (!Number.isInteger(replicas) || replicas < 1 || replicas === 2) {
      throw invalid('event-bus-replicas', 'eventBusReplicas', replicas, 'must be 1, or 3 and more: two cannot outvote each other', 'use 3');
    }
    const pushgateway = props.pushgateway ?? (props.runPushgateway ? `http://${PUSHGATEWAY}.${namespace}.svc:${PUSHGATEWAY_PORT}` : undefined);
    this.namespace = namespace;
    this.data = copied(resolvePlatform({ ...props, pushgateway }));
    const data = copied({
      namespace,
      platform: this.data,
      eventBus: { replicas, size: sizeQuantity(props.eventBusSize ?? Size.gibibytes(1)), storageClass: props.eventBusStorageClass },
      gatewaySelector: props.gatewaySelector ?? { istio: 'ingressgateway' },
      runPushgateway: props.runPushgateway ?? false,
      runtimeImage: props.runtimeImage ?? defaultRuntimeImage(),
      ...podLabels(this),
      pod: podData(props.pod),
    });
    const problems = platformProblems(this.node.path, data);
    const manifests = platformManifests(data);
    this.objects = new Manifests(this, { owner: 'platform', namespace, render: () => manifests });
    this.node.addValidation({ validate: () => [...problems.map((problem) => textOf(problem, 'program')), ...this.findErrors(manifests)] });
  }

  /**
   * Returns one of the platform's Kubernetes objects, to change what no property covers: a label, an annotation, any field.
   *
   * Patches apply to the object as it is finally rendered. Synthesis fails if the platform does not create the object, and a kind that this
   * library never creates is rejected at once. Do not patch generated names and selectors: axons and other objects refer to them.
   *
   * @param kind the object's kind, for instance `EventBus`
   * @param id   the object's name, without the hash in which the name of the Job ends
   */
  public manifest(kind: string, id: string): ApiObject {
    return this.objects.request(kind, id);
  }

  /** @internal */
  public _toData(): PlatformData {
    return this.data;
  }

  /** cdk8s validates once for each chart. Names that were accepted are not compared again. */
  private findErrors(manifests: readonly Manifest[]): string[] {
    const errors = [...this.objects.update()];
    if (!this.accepted) {
      const conflicts = nameConflicts({ construct: this, objects: this.objects }, manifests);
      errors.push(...stopping(this, conflicts));
      this.accepted = errors.length === 0;
      if (this.accepted) {
        conflicts.forEach((problem) => emitWarning(this, textOf(problem, 'program')));
      }
    }
    return errors.map((problem) => textOf(problem, 'program'));
  }
}

class ImportedPlatform extends Construct implements IPlatform {
  public readonly namespace?: string;

  private readonly data: PlatformData;

  constructor(scope: Construct, id: string, attributes: PlatformAttributes) {
    super(scope, id);
    this.namespace = statedNamespace(this, attributes.namespace);
    this.data = copied(resolvePlatform(attributes));
  }

  public _toData(): PlatformData {
    return this.data;
  }
}
