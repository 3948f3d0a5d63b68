import { Size } from 'cdk8s';
import { CONTAINER_SECURITY, NO_SIDECAR, POD_SECURITY } from '../contract/constants';
import { EventBusSpec } from '../crd/argo-events';
import { Assembly } from '../private/assembly';
import { ResolvedPlatform } from '../private/resolved';
import { sizeQuantity } from '../private/size';

/** How large the event bus is. */
export interface BusSize {
  readonly replicas: number;
  readonly size: Size;
  readonly storageClass?: string;
}

/**
 * Adds the event bus. With disks, so that what is on its way survives a restart of all its pods; one
 * replica needs its stream told so, or the stream asks for three.
 */
export function contributeEventBus(assembly: Assembly, platform: ResolvedPlatform, { replicas, size, storageClass }: BusSize): void {
  const spec: EventBusSpec = {
    jetstream: {
      // The controller ships a list of versions; this name stands for its newest.
      version: 'latest',
      replicas,
      streamConfig: `maxMsgs: 50000\nmaxAge: 168h\nmaxBytes: -1\nreplicas: ${Math.min(replicas, 3)}\nduplicates: 300s\n`,
      persistence: { accessMode: 'ReadWriteOnce', volumeSize: sizeQuantity(size), storageClassName: storageClass },
      metadata: { labels: { ...assembly.labels('event-bus'), ...NO_SIDECAR } },
      securityContext: POD_SECURITY,
      containerTemplate: { securityContext: CONTAINER_SECURITY },
      reloaderContainerTemplate: { securityContext: CONTAINER_SECURITY },
      metricsContainerTemplate: { securityContext: CONTAINER_SECURITY },
    },
  };
  assembly.custom('argoproj.io/v1alpha1', 'EventBus', platform.eventBus, 'event-bus', spec);
}
