import { ArgoWorkflow } from './argo-workflows';
import { ContainerSecurity, Placement, PodMetadata, PodSecurity, PullSecret, ResourceList, SecretKeyRef } from './kube';

/*
 * argoproj.io/v1alpha1 EventBus, EventSource and Sensor: only the fields we write. Their CRDs keep
 * unknown fields, so these types are the only thing between a misspelt key and silence.
 * @see https://argoproj.github.io/argo-events/APIs/
 */

interface ContainerTemplate {
  readonly resources: ResourceList;
  readonly securityContext: ContainerSecurity;
}

/** The fields of a pod that Argo Events has a template for: no runtime class and no constraint on the spread. */
interface EventsPod extends Placement {
  readonly metadata: PodMetadata;
  readonly imagePullSecrets?: readonly PullSecret[];
  readonly securityContext: PodSecurity;
}

export interface ArgoEventBusSpec {
  readonly jetstream: EventsPod & {
    readonly version: string;
    readonly replicas: number;
    readonly streamConfig: string;
    readonly persistence: { readonly accessMode: string; readonly volumeSize: string; readonly storageClassName?: string };
    readonly containerTemplate: ContainerTemplate;
    readonly reloaderContainerTemplate: ContainerTemplate;
    readonly metricsContainerTemplate: ContainerTemplate;
  };
}

interface ArgoPodTemplate extends EventsPod {
  readonly serviceAccountName?: string;
  readonly container: ContainerTemplate;
}

export interface ArgoWebhook {
  readonly port: string;
  readonly endpoint: string;
  readonly method: string;
  readonly authSecret?: SecretKeyRef;
  readonly maxPayloadSize: number;
}

export interface ArgoEventSourceSpec {
  readonly eventBusName: string;
  readonly template: ArgoPodTemplate;
  readonly service: { readonly ports: { readonly name: string; readonly port: number; readonly targetPort: number }[] };
  readonly webhook: Readonly<Record<string, ArgoWebhook>>;
}

export interface ArgoDataFilter {
  readonly path: string;
  readonly type: 'string' | 'number' | 'bool';
  readonly value: string[];
  readonly comparator: '=' | '!=';
}

export interface ArgoDependency {
  readonly name: string;
  readonly eventSourceName: string;
  readonly eventName: string;
  readonly filters?: { readonly data: ArgoDataFilter[] };
}

export interface ArgoTriggerParameter {
  readonly src: {
    readonly dependencyName: string;
    readonly contextTemplate?: string;
    readonly dataKey?: string;
    readonly dataTemplate?: string;
    readonly contextKey?: string;
    readonly value?: string;
  };
  readonly dest: string;
  readonly operation?: 'append' | 'overwrite';
}

export interface ArgoSensorTrigger {
  readonly template: {
    readonly name: string;
    readonly conditions: string;
    readonly k8s: {
      readonly operation: 'patch';
      readonly patchStrategy: string;
      readonly source: { readonly resource: ArgoWorkflow };
      readonly parameters: ArgoTriggerParameter[];
    };
  };
  readonly atLeastOnce: boolean;
  readonly rateLimit?: { readonly unit: 'Second' | 'Minute' | 'Hour'; readonly requestsPerUnit: number };
  readonly retryStrategy: { readonly steps: number; readonly duration: string; readonly factor: number };
}

export interface ArgoSensorSpec {
  readonly eventBusName: string;
  readonly template: ArgoPodTemplate;
  readonly dependencies: ArgoDependency[];
  readonly triggers: ArgoSensorTrigger[];
}
