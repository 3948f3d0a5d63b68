import { CONTAINER_SECURITY, NO_SIDECAR } from '../contract/constants';
import { ArgoEventBusSpec } from '../crd/argo-events';
import { PlatformObjectsData } from '../loop/platform';
import { platformLabels } from './labels';
import { Manifest } from './manifest';
import { metadataOf, placementOf, pullSecretsOf, securityOf } from './pod';
import { EVENTS_RESOURCES } from './requests';

const NATS_RESOURCES = { requests: { cpu: '50m', memory: '128Mi' } };

/** The event bus. It has disks, so undelivered events survive a restart of all its pods. */
export function eventBus({ namespace, platform, eventBus: { replicas, size, storageClass }, labels, pod }: PlatformObjectsData): Manifest {
  const spec: ArgoEventBusSpec = {
    jetstream: {
      // The controller ships a list of versions; this name stands for its newest.
      version: 'latest',
      replicas,
      // The stream asks for three replicas unless this says fewer.
      streamConfig: `maxMsgs: 50000\nmaxAge: 168h\nmaxBytes: -1\nreplicas: ${Math.min(replicas, 3)}\nduplicates: 300s\n`,
      persistence: { accessMode: 'ReadWriteOnce', volumeSize: size, storageClassName: storageClass },
      metadata: metadataOf({ shared: labels, loop: { ...platformLabels('event-bus'), ...NO_SIDECAR } }, pod),
      ...placementOf(pod),
      imagePullSecrets: pullSecretsOf([pod]),
      securityContext: securityOf(pod),
      containerTemplate: { resources: NATS_RESOURCES, securityContext: CONTAINER_SECURITY },
      reloaderContainerTemplate: { resources: EVENTS_RESOURCES, securityContext: CONTAINER_SECURITY },
      metricsContainerTemplate: { resources: EVENTS_RESOURCES, securityContext: CONTAINER_SECURITY },
    },
  };
  const name = platform.eventBus;
  return { kind: 'EventBus', id: name, name, namespace, labels: platformLabels('event-bus'), body: { spec } };
}
