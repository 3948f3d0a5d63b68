/*
 * The parts of Kubernetes' own types that we write, as plain JSON: every manifest is a raw ApiObject, because the classes of cdk8s-plus
 * drop fields that are newer than their Kubernetes, and patches with them.
 */

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: SecretKeyRef };
}

export interface SecretKeyRef {
  readonly name: string;
  readonly key: string;
}

/** A part of a pod that comes from the user, in Kubernetes' own format. */
export type KubePart = Readonly<Record<string, unknown>>;

/** With the other fields of Kubernetes where it comes from the user. */
export interface VolumeMount extends KubePart {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
}

/** With the other fields of Kubernetes where it comes from the user. */
export interface Volume extends KubePart {
  readonly name: string;
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string; readonly items: { readonly key: string; readonly path: string }[] };
  readonly emptyDir?: Record<string, never>;
}

export interface ResourceList {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

export interface ContainerSecurity {
  readonly allowPrivilegeEscalation: boolean;
  readonly capabilities: { readonly drop: readonly string[] };
}

/** With the other fields of Kubernetes where they come from the user. */
export interface PodSecurity extends KubePart {
  readonly runAsNonRoot: boolean;
  readonly runAsUser: number;
  readonly runAsGroup?: number;
  readonly fsGroup?: number;
  readonly fsGroupChangePolicy?: string;
  readonly seccompProfile: { readonly type: string };
}

export interface Container {
  readonly name?: string;
  readonly image: string;
  readonly command?: string[];
  readonly args?: string[];
  readonly env?: EnvVar[];
  readonly resources?: ResourceList;
  readonly volumeMounts?: VolumeMount[];
  readonly workingDir?: string;
  readonly ports?: { readonly name: string; readonly containerPort: number }[];
  readonly readinessProbe?: { readonly httpGet: { readonly path: string; readonly port: number | string } };
  readonly securityContext?: ContainerSecurity;
}

export interface Labels {
  readonly [name: string]: string;
}

/** A permission in a namespace. */
export interface PolicyRule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly resourceNames?: string[];
  readonly verbs: string[];
}

export interface NetworkPolicyPeer {
  readonly podSelector?: { readonly matchLabels: Labels };
  readonly namespaceSelector?: { readonly matchLabels?: Labels };
}

export interface NetworkPolicySpec {
  readonly podSelector: { readonly matchLabels: Labels };
  readonly policyTypes: string[];
  readonly ingress: {
    readonly from: NetworkPolicyPeer[];
    readonly ports?: { readonly protocol: string; readonly port: number | string }[];
  }[];
}

export interface ServiceSpec {
  readonly clusterIP?: string;
  readonly selector: Labels;
  readonly ports: { readonly name: string; readonly port: number; readonly targetPort: number | string }[];
}

export interface PersistentVolumeClaimSpec {
  readonly accessModes: string[];
  readonly storageClassName?: string;
  readonly volumeName?: string;
  readonly resources: { readonly requests: { readonly storage: string } };
}

export interface PersistentVolumeSpec {
  readonly capacity: { readonly storage: string };
  readonly accessModes: string[];
  readonly persistentVolumeReclaimPolicy: string;
  readonly storageClassName: string;
  readonly claimRef: { readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string };
  readonly local: { readonly path: string };
  readonly nodeAffinity: {
    readonly required: {
      readonly nodeSelectorTerms: { readonly matchExpressions: { readonly key: string; readonly operator: string; readonly values: string[] }[] }[];
    };
  };
}

/** A Secret with a login to a registry. */
export interface PullSecret {
  readonly name: string;
}

/** Where a pod may run, and before which others. */
export interface Placement {
  readonly nodeSelector?: Labels;
  readonly affinity?: KubePart;
  readonly tolerations?: readonly KubePart[];
  readonly priorityClassName?: string;
}

export interface PodSpec extends Placement {
  readonly restartPolicy?: string;
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly topologySpreadConstraints?: readonly KubePart[];
  readonly runtimeClassName?: string;
  readonly imagePullSecrets?: readonly PullSecret[];
  readonly securityContext: PodSecurity;
  readonly containers: Container[];
  readonly volumes?: readonly Volume[];
}

export interface PodMetadata {
  readonly labels: Labels;
  readonly annotations?: Labels;
}

export interface PodTemplate {
  readonly metadata: PodMetadata;
  readonly spec: PodSpec;
}

export interface JobSpec {
  readonly backoffLimit: number;
  readonly template: PodTemplate;
}

export interface DeploymentSpec {
  readonly replicas: number;
  readonly selector: { readonly matchLabels: Labels };
  readonly template: PodTemplate;
}
