import type { PodFields, PodVolumeMount } from '../../contract/documents.js';

/** An object of Kubernetes as a plan makes it; its namespace is that of the client that sends it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: ManifestMetadata;
}

export interface ManifestMetadata {
  name: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

export interface ConfigMapManifest extends Manifest {
  immutable: true;
  data: Record<string, string>;
}

export interface ServiceManifest extends Manifest {
  spec: {
    selector: Record<string, string>;
    ports: { name: string; port: number; targetPort: string }[];
  };
}

export interface DeploymentManifest extends Manifest {
  spec: {
    replicas: number;
    progressDeadlineSeconds: number;
    strategy: { type: 'RollingUpdate'; rollingUpdate: { maxSurge: number; maxUnavailable: number } };
    selector: { matchLabels: Record<string, string> };
    template: { metadata: Omit<ManifestMetadata, 'name'>; spec: PodSpec };
  };
}

/** With the fields that a user can add to. */
export interface PodSpec extends PodFields {
  serviceAccountName: string;
  automountServiceAccountToken: boolean;
  enableServiceLinks: boolean;
  terminationGracePeriodSeconds: number;
  initContainers: Container[];
  containers: Container[];
}

export interface Container {
  name: string;
  image: string;
  command: string[];
  args?: string[];
  env?: EnvVar[];
  ports?: { name: string; containerPort: number }[];
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  readinessProbe?: object;
  securityContext: object;
  terminationMessagePolicy?: 'FallbackToLogsOnError';
  volumeMounts: PodVolumeMount[];
}

export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef: { name: string; key: string } };
}
