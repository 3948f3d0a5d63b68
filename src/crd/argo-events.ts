import { WorkflowSpec } from './argo-workflows';
import { ContainerSecurity, Labels, PodSecurity, SecretKeyRef } from './kube';

/*
 * argoproj.io/v1alpha1 EventBus, EventSource and Sensor: only the fields we write. Their CRDs keep
 * unknown fields, so these types are the only thing between a misspelt key and silence.
 * @see https://argoproj.github.io/argo-events/APIs/
 */

interface ContainerTemplate {
  readonly securityContext: ContainerSecurity;
}

export interface EventBusSpec {
  readonly jetstream: {
    readonly version: string;
    readonly replicas: number;
    readonly streamConfig: string;
    readonly persistence: { readonly accessMode: string; readonly volumeSize: string; readonly storageClassName?: string };
    readonly metadata: { readonly labels: Labels };
    readonly securityContext: PodSecurity;
    readonly containerTemplate: ContainerTemplate;
    readonly reloaderContainerTemplate: ContainerTemplate;
    readonly metricsContainerTemplate: ContainerTemplate;
  };
}

interface PodTemplate {
  readonly metadata: { readonly labels: Labels };
  readonly serviceAccountName?: string;
  readonly securityContext: PodSecurity;
  readonly container: ContainerTemplate;
}

export interface WebhookEvent {
  readonly port: string;
  readonly endpoint: string;
  readonly method: string;
  readonly authSecret?: SecretKeyRef;
  readonly maxPayloadSize: number;
}

export interface EventSourceSpec {
  readonly eventBusName: string;
  readonly template: PodTemplate;
  readonly service: { readonly ports: { readonly name: string; readonly port: number; readonly targetPort: number }[] };
  readonly webhook: Readonly<Record<string, WebhookEvent>>;
}

export interface DataFilter {
  readonly path: string;
  readonly type: 'string' | 'number' | 'bool';
  readonly value: string[];
  readonly comparator: '=' | '!=';
}

export interface Dependency {
  readonly name: string;
  readonly eventSourceName: string;
  readonly eventName: string;
  readonly filters?: { readonly data: DataFilter[] };
}

export interface TriggerParameter {
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

export interface SensorTrigger {
  readonly template: {
    readonly name: string;
    readonly conditions: string;
    readonly k8s: {
      readonly operation: 'patch';
      readonly patchStrategy: string;
      readonly source: { readonly resource: WorkflowResource };
      readonly parameters: TriggerParameter[];
    };
  };
  readonly atLeastOnce: boolean;
  readonly rateLimit?: { readonly unit: 'Second' | 'Minute' | 'Hour'; readonly requestsPerUnit: number };
  readonly retryStrategy: { readonly steps: number; readonly duration: string; readonly factor: number };
}

export interface WorkflowResource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: Labels };
  readonly spec: WorkflowSpec;
}

export interface SensorSpec {
  readonly eventBusName: string;
  readonly template: PodTemplate;
  readonly dependencies: Dependency[];
  readonly triggers: SensorTrigger[];
}
