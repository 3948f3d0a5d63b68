import { Container, Labels, Placement, PodMetadata, PodSecurity, PullSecret, Volume } from './kube';

/*
 * argoproj.io/v1alpha1 WorkflowTemplate, CronWorkflow and Workflow: only the fields we write,
 * spelt as Argo Workflows 3.7 and 4 both read them.
 * @see https://argo-workflows.readthedocs.io/en/latest/fields/
 */

export interface ArgoParameter {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly path: string; readonly default?: string };
}

export interface ArgoArtifact {
  readonly name: string;
  readonly path: string;
  readonly git?: {
    readonly repo: string;
    readonly revision?: string;
    readonly depth?: number;
    readonly sshPrivateKeySecret?: { readonly name: string; readonly key: string };
  };
  readonly s3?: {
    readonly endpoint: string;
    readonly bucket: string;
    readonly key: string;
    readonly insecure?: boolean;
    readonly accessKeySecret?: { readonly name: string; readonly key: string };
    readonly secretKeySecret?: { readonly name: string; readonly key: string };
  };
}

export interface ArgoArguments {
  readonly parameters: ArgoParameter[];
}

export interface ArgoLifecycleHook {
  readonly template: string;
  readonly arguments?: ArgoArguments;
  readonly expression?: string;
}

export interface ArgoDagTask {
  readonly name: string;
  readonly template: string;
  readonly depends?: string;
  readonly when?: string;
  readonly arguments?: ArgoArguments;
  readonly hooks?: { readonly exit: ArgoLifecycleHook };
}

export interface ArgoRetryStrategy {
  readonly limit: string;
  readonly retryPolicy: string;
  readonly expression?: string;
  /** No maxDuration: it counts from the start of the first attempt, so a long step that is lost late would not be made again. */
  readonly backoff?: { readonly duration: string; readonly factor: string; readonly cap?: string };
}

export interface ArgoTemplate extends Placement {
  readonly name: string;
  readonly serviceAccountName?: string;
  readonly podSpecPatch?: string;
  readonly inputs?: { readonly parameters?: ArgoParameter[]; readonly artifacts?: ArgoArtifact[] };
  readonly outputs?: { readonly parameters: ArgoParameter[] };
  readonly dag?: { readonly tasks: ArgoDagTask[] };
  readonly container?: Container;
  readonly volumes?: Volume[];
  readonly metadata?: Partial<PodMetadata>;
  readonly securityContext?: PodSecurity;
  readonly retryStrategy?: ArgoRetryStrategy;
  readonly activeDeadlineSeconds?: number;
}

export interface ArgoWorkflowSpec {
  readonly entrypoint?: string;
  readonly arguments?: ArgoArguments;
  readonly workflowTemplateRef?: { readonly name: string };
  readonly ttlStrategy?: { readonly secondsAfterSuccess: number; readonly secondsAfterFailure: number };
  readonly serviceAccountName?: string;
  readonly podMetadata?: { readonly labels: Labels };
  readonly securityContext?: PodSecurity;
  readonly podSpecPatch?: string;
  readonly imagePullSecrets?: readonly PullSecret[];
  readonly podGC?: { readonly strategy: string; readonly deleteDelayDuration: string };
  readonly templates?: ArgoTemplate[];
}

export interface ArgoCronWorkflowSpec {
  readonly schedules: string[];
  readonly timezone?: string;
  readonly concurrencyPolicy: 'Allow' | 'Forbid' | 'Replace';
  readonly startingDeadlineSeconds: number;
  readonly successfulJobsHistoryLimit: number;
  readonly failedJobsHistoryLimit: number;
  readonly workflowMetadata: { readonly labels: Labels };
  readonly workflowSpec: ArgoWorkflowSpec;
}

export interface ArgoWorkflow {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: Labels };
  readonly spec: ArgoWorkflowSpec;
}
