import { ApiObject, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { defaultRuntimeImage, namespaceOf } from '../common/defaults';
import { Manifests } from '../common/manifests';
import { registerNames } from '../common/object-names';
import { PlatformSettings, resolvePlatform } from '../common/platform-settings';
import { sizeQuantity } from '../common/quantities';
import { copied } from '../loop/canonical';
import { PUSHGATEWAY, PUSHGATEWAY_PORT } from '../manifests/deployment';
import { platformManifests } from '../manifests/platform-manifests';
import { invalid } from '../problem/error';
import { Problem } from '../problem/problem';
import { textOf } from '../problem/render';

/** What a platform can be given. */
export interface PlatformProps extends PlatformSettings {
  /**
   * Pods of the event bus: 1, or 3 and more.
   * @default 3
   */
  readonly eventBusReplicas?: number;

  /**
   * Disk of each pod of the event bus. Events that are on their way survive a restart on it.
   * @default Size.gibibytes(1)
   */
  readonly eventBusSize?: Size;

  /**
   * The class of those disks.
   * @default - the cluster's default class
   */
  readonly eventBusStorageClass?: string;

  /**
   * Labels of the ingress gateway's pods.
   * @default { istio: 'ingressgateway' }
   */
  readonly gatewaySelector?: Record<string, string>;

  /**
   * Run a Pushgateway in the namespace.
   * @default false
   */
  readonly runPushgateway?: boolean;

  /**
   * The image that makes the webhook token.
   * @default - the runtime of this version of the library
   */
  readonly runtimeImage?: string;
}

/**
 * What all axons of a namespace share: the event bus, the gateway and the webhook's token. Its
 * manifests do not depend on any axon, so that several axons can bring the same ones.
 */
export class Platform extends Construct {
  /** What axons need to know of it. */
  public readonly settings: PlatformSettings;

  private readonly objects: Manifests;
  private conflicts?: readonly Problem[];

  constructor(scope: Construct, id: string, props: PlatformProps = {}) {
    super(scope, id);
    const namespace = namespaceOf(this, props.namespace);
    const replicas = props.eventBusReplicas ?? 3;
    if (!Number.isInteger(replicas) || replicas < 1 || replicas === 2) {
      throw invalid('event-bus-replicas', 'eventBusReplicas', replicas, 'must be 1, or 3 and more: two cannot outvote each other', 'use 3');
    }
    const pushgateway = props.pushgateway ?? (props.runPushgateway ? `http://${PUSHGATEWAY}.${namespace}.svc:${PUSHGATEWAY_PORT}` : undefined);
    this.settings = { ...settingsOf(props), namespace, pushgateway };
    const manifests = platformManifests(copied({
      namespace,
      platform: resolvePlatform(this.settings),
      eventBus: { replicas, size: sizeQuantity(props.eventBusSize ?? Size.gibibytes(1)), storageClass: props.eventBusStorageClass },
      gatewaySelector: props.gatewaySelector ?? { istio: 'ingressgateway' },
      runPushgateway: props.runPushgateway ?? false,
      runtimeImage: props.runtimeImage ?? defaultRuntimeImage(),
    }));
    this.objects = new Manifests(this, { owner: 'platform', namespace, render: () => manifests });
    this.node.addValidation({
      validate: () => {
        this.conflicts ??= registerNames(this, manifests);
        return [...this.objects.update(), ...this.conflicts].map((problem) => textOf(problem, 'program'));
      },
    });
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
}

function settingsOf(props: PlatformProps): PlatformSettings {
  const {
    eventBusReplicas, eventBusSize, eventBusStorageClass, gatewaySelector, runPushgateway, runtimeImage, ...settings
  } = props;
  return settings;
}
