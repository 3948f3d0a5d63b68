import type { KubeObject } from '../objects/kube-object.js';
import { podName } from './names.js';
import { substitute, type Scope } from './substitute.js';
import type { GitArtifact, NodeStatus, Template, Workflow, WorkflowSpec } from './types.js';

export const WORKFLOW_LABEL = 'workflows.argoproj.io/workflow';
export const COMPLETED_LABEL = 'workflows.argoproj.io/completed';
export const PHASE_LABEL = 'workflows.argoproj.io/phase';
const MAIN = 'main';

export interface Step {
  readonly workflow: Workflow;
  readonly spec: WorkflowSpec;
  /** The container template, with its tags filled in. */
  readonly template: Template;
  readonly node: NodeStatus;
  /** What the tags of the Workflow's own part stand for. */
  readonly scope: Scope;
  /** Folders of the machine with the code that was checked out, by artifact name. */
  readonly sources: ReadonlyMap<string, string>;
  /** What is left of the Workflow's time, in seconds. */
  readonly secondsLeft?: number;
}

/** The Pod of one attempt at a container template. Argo's own init and wait containers are the engine's part here. */
export function podOf({ workflow, spec, template, node, scope, sources, secondsLeft }: Step): KubeObject {
  const { volumeMounts = [], ...container } = template.container as { volumeMounts?: { name: string }[] };
  const own = substitute({
    securityContext: spec.securityContext, volumes: spec.volumes, podMetadata: spec.podMetadata, serviceAccountName: spec.serviceAccountName,
  }, scope);
  const mounted = new Set(volumeMounts.map(({ name }) => name));
  // The end of the Workflow's own time is for the engine to tell; it is the Pod's where no engine looks.
  const last = secondsLeft === undefined ? undefined : Math.ceil(secondsLeft) + 1;
  const deadlines = [template.activeDeadlineSeconds, last].filter((value) => value !== undefined).map(Number);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName(workflow.metadata.name, node.name, template.name),
      namespace: workflow.metadata.namespace,
      labels: {
        [WORKFLOW_LABEL]: workflow.metadata.name,
        [COMPLETED_LABEL]: 'false',
        ...(node.nodeFlag?.hooked && { 'workflows.argoproj.io/on-exit': 'true' }),
        ...own.podMetadata?.labels,
        ...template.metadata?.labels,
      },
      annotations: {
        'workflows.argoproj.io/node-name': node.name,
        'workflows.argoproj.io/node-id': node.id,
        'kubectl.kubernetes.io/default-container': MAIN,
        ...own.podMetadata?.annotations,
        ...template.metadata?.annotations,
      },
      ownerReferences: [{
        apiVersion: workflow.apiVersion,
        kind: 'Workflow',
        name: workflow.metadata.name,
        uid: workflow.metadata.uid!,
        controller: true,
        blockOwnerDeletion: true,
      }],
    },
    spec: {
      restartPolicy: 'Never',
      ...((template.serviceAccountName ?? own.serviceAccountName) && { serviceAccountName: template.serviceAccountName ?? own.serviceAccountName }),
      ...((template.securityContext ?? own.securityContext) && { securityContext: template.securityContext ?? own.securityContext }),
      ...(deadlines.length > 0 && { activeDeadlineSeconds: Math.max(1, Math.floor(Math.min(...deadlines))) }),
      containers: [{ ...container, name: MAIN, volumeMounts: [...volumeMounts, ...artifactMounts(template)] }],
      volumes: [
        ...[...(own.volumes ?? []), ...(template.volumes ?? [])].filter(({ name }) => mounted.has(name)),
        ...[...sources].map(([name, path]) => ({ name: artifactVolume(name), hostPath: { path, type: 'Directory' } })),
      ],
    },
  };
}

/** The git artifacts that a template starts from. */
export function gitArtifacts(template: Template): { name: string; git: GitArtifact }[] {
  return (template.inputs?.artifacts ?? []).flatMap(({ name, git }) => (git === undefined ? [] : [{ name, git }]));
}

function artifactMounts(template: Template): { name: string; mountPath: string }[] {
  return (template.inputs?.artifacts ?? []).map(({ name, path }) => ({ name: artifactVolume(name), mountPath: path }));
}

function artifactVolume(name: string): string {
  return `input-artifact-${name}`;
}
