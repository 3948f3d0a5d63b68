/*
 * The parts of Kubernetes' own types that appear inside custom resources, as plain JSON.
 * Whole objects of built-in kinds go through cdk8s-plus-27 instead.
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

export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
}

export interface Volume {
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
  readonly capabilities: { readonly drop: string[] };
}

export interface PodSecurity {
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
  readonly securityContext?: ContainerSecurity;
}

export interface Affinity {
  readonly podAffinity: {
    readonly requiredDuringSchedulingIgnoredDuringExecution: {
      readonly labelSelector: { readonly matchLabels: Labels };
      readonly topologyKey: string;
    }[];
  };
}

export interface Labels {
  readonly [name: string]: string;
}
