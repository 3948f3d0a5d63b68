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
    template: { metadata: { labels: Record<string, string> }; spec: PodSpec };
  };
}

export interface PodSpec {
  serviceAccountName: string;
  automountServiceAccountToken: boolean;
  enableServiceLinks: boolean;
  terminationGracePeriodSeconds: number;
  securityContext: object;
  nodeSelector?: Record<string, string>;
  affinity?: object;
  initContainers: Container[];
  containers: Container[];
  volumes: Volume[];
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
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
}

export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef: { name: string; key: string } };
}

export interface Volume {
  name: string;
  emptyDir?: object;
  configMap?: { name: string };
  persistentVolumeClaim?: { claimName: string };
}
