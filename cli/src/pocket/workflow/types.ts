import type { KubeObject } from '../objects/kube-object.js';

/** The parts of Argo's kinds that the engine reads and writes, spelt as Argo spells them. */
export interface Parameter {
  name: string;
  value?: string | number | boolean;
  default?: string | number | boolean;
  valueFrom?: { path?: string; default?: string | number | boolean; parameter?: string };
}

export interface GitArtifact {
  readonly repo: string;
  readonly revision?: string;
}

export interface InputArtifact {
  readonly name: string;
  readonly path: string;
  readonly git?: GitArtifact;
}

export interface Arguments {
  readonly parameters?: Parameter[];
}

export interface LifecycleHook {
  readonly template: string;
  readonly arguments?: Arguments;
  readonly expression?: string;
}

export interface DagTask {
  readonly name: string;
  readonly template: string;
  readonly depends?: string;
  readonly dependencies?: string[];
  readonly when?: string;
  readonly arguments?: Arguments;
  readonly hooks?: { readonly exit?: LifecycleHook };
}

export interface RetryStrategy {
  readonly limit?: string | number;
  readonly retryPolicy?: 'Always' | 'OnFailure' | 'OnError' | 'OnTransientError';
  readonly expression?: string;
  readonly backoff?: { readonly duration?: string; readonly factor?: string | number; readonly maxDuration?: string; readonly cap?: string };
}

export interface Template {
  readonly name: string;
  readonly inputs?: { readonly parameters?: Parameter[]; readonly artifacts?: InputArtifact[] };
  readonly outputs?: { readonly parameters?: Parameter[] };
  readonly container?: Record<string, unknown>;
  readonly dag?: { readonly tasks: DagTask[] };
  readonly retryStrategy?: RetryStrategy;
  readonly activeDeadlineSeconds?: number | string;
  readonly serviceAccountName?: string;
  readonly securityContext?: object;
  readonly volumes?: { readonly name: string }[];
  readonly metadata?: Metadata;
  readonly podSpecPatch?: string;
}

export interface Metadata {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface WorkflowSpec {
  readonly entrypoint?: string;
  readonly arguments?: Arguments;
  readonly workflowTemplateRef?: { readonly name: string };
  readonly templates?: Template[];
  readonly serviceAccountName?: string;
  readonly securityContext?: object;
  readonly volumes?: { readonly name: string }[];
  readonly podMetadata?: Metadata;
  readonly podSpecPatch?: string;
  readonly podGC?: { readonly strategy?: string; readonly deleteDelayDuration?: string };
  readonly ttlStrategy?: { readonly secondsAfterCompletion?: number; readonly secondsAfterSuccess?: number; readonly secondsAfterFailure?: number };
  readonly activeDeadlineSeconds?: number;
  readonly shutdown?: 'Terminate' | 'Stop';
  readonly onExit?: string;
  readonly hooks?: { readonly exit?: LifecycleHook };
  readonly retryStrategy?: RetryStrategy;
}

export type NodePhase = 'Pending' | 'Running' | 'Succeeded' | 'Skipped' | 'Omitted' | 'Failed' | 'Error';
export type WorkflowPhase = 'Running' | 'Succeeded' | 'Failed' | 'Error';

export interface Outputs {
  parameters?: Parameter[];
  exitCode?: string;
}

export interface NodeStatus {
  id: string;
  name: string;
  displayName: string;
  type: 'Pod' | 'Retry' | 'DAG' | 'Skipped';
  templateName: string;
  templateScope: string;
  boundaryID?: string;
  phase: NodePhase;
  message?: string;
  startedAt: string;
  finishedAt?: string;
  inputs?: { parameters: Parameter[] };
  outputs?: Outputs;
  children?: string[];
  outboundNodes?: string[];
  nodeFlag?: { hooked?: boolean; retried?: boolean };
}

export interface WorkflowStatus {
  phase: WorkflowPhase;
  message?: string;
  startedAt: string;
  finishedAt?: string;
  progress?: string;
  nodes: Record<string, NodeStatus>;
  /** What is run: the template as it was at the start, whatever becomes of it. */
  storedWorkflowTemplateSpec?: WorkflowSpec;
  conditions?: { type: string; status: string; message?: string }[];
}

export interface Workflow extends KubeObject {
  spec: WorkflowSpec;
  status?: WorkflowStatus;
}

/** Whether a node has run to its end. */
export function completed({ phase }: { readonly phase: NodePhase }): boolean {
  return phase === 'Succeeded' || unsuccessful({ phase });
}

/** Whether nothing more will happen to a node: it ran, or it never will. */
export function fulfilled(node: { readonly phase: NodePhase }): boolean {
  return completed(node) || node.phase === 'Skipped' || node.phase === 'Omitted';
}

export function unsuccessful({ phase }: { readonly phase: NodePhase }): boolean {
  return phase === 'Failed' || phase === 'Error';
}

/** Whether a Workflow has ended, well or not; nothing starts it again. */
export function ended(workflow: KubeObject): boolean {
  return ['Succeeded', 'Failed', 'Error'].includes(workflow.status?.phase);
}
