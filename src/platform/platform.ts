import { Size } from 'cdk8s';
import { Construct } from 'constructs';
import { PlatformSettings, resolvePlatform } from '../common/platform-settings';
import { Assembly } from '../private/assembly';
import { claimNames } from '../private/claim-names';
import { namespaceOf } from '../private/namespace';
import { ResolvedPlatform } from '../private/resolved';
import { defaultRuntimeImage } from '../private/version';
import { invalid } from '../problem/error';
import { textOf } from '../problem/render';
import { contributeBootstrap } from './bootstrap';
import { contributeEventBus } from './event-bus';
import { contributeGateway } from './gateway';
import { contributePushgateway } from './pushgateway';

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

  private clashes?: string[];

  constructor(scope: Construct, id: string, props: PlatformProps = {}) {
    super(scope, id);
    const namespace = namespaceOf(this, props.namespace);
    const replicas = props.eventBusReplicas ?? 3;
    if (!Number.isInteger(replicas) || replicas < 1 || replicas === 2) {
      throw invalid('event-bus-replicas', 'eventBusReplicas', replicas, 'must be 1, or 3 and more: two cannot outvote each other', 'use 3');
    }
    const size = props.eventBusSize ?? Size.gibibytes(1);
    const pushgateway = props.pushgateway ?? (props.runPushgateway ? `http://myelin-pushgateway.${namespace}.svc:9091` : undefined);
    this.settings = { ...settingsOf(props), namespace, pushgateway };
    const platform: ResolvedPlatform = resolvePlatform(this.settings);
    this.node.addValidation({
      validate: () => {
        if (this.clashes === undefined) {
          const assembly = new Assembly(namespace, 'myelin');
          contributeEventBus(assembly, platform, { replicas, size, storageClass: props.eventBusStorageClass });
          contributeBootstrap(assembly, platform, props.runtimeImage ?? defaultRuntimeImage());
          contributeGateway(assembly, platform, props.gatewaySelector ?? { istio: 'ingressgateway' });
          if (props.runPushgateway) {
            contributePushgateway(assembly, platform);
          }
          assembly.into(this);
          this.clashes = claimNames(this, assembly).map((problem) => textOf(problem, 'program'));
        }
        return this.clashes;
      },
    });
  }
}

function settingsOf(props: PlatformProps): PlatformSettings {
  const {
    eventBusReplicas, eventBusSize, eventBusStorageClass, gatewaySelector, runPushgateway, runtimeImage, ...settings
  } = props;
  return settings;
}
