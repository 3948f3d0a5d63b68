import type { ClusterLog, Controller, Objects } from '../controller.js';
import { refOf, type KubeObject } from '../objects/kube-object.js';
import { WorkQueue, type Reconciled } from '../workqueue.js';
import { podName } from './names.js';
import { NodeTree } from './node-tree.js';
import { Operation, type Launch } from './operation.js';
import type { HostPath } from './outcome.js';
import { COMPLETED_LABEL, gitArtifacts, PHASE_LABEL, podOf, WORKFLOW_LABEL } from './pod.js';
import { expiry, podExpiry } from './retention.js';
import { effectiveSpec, workflowScope } from './spec.js';
import { refuseWorkflow } from './supported.js';
import { ended, type GitArtifact, type NodeStatus, type Workflow, type WorkflowSpec, type WorkflowStatus } from './types.js';
import { invalidity } from './validate.js';

/** Where the code of git artifacts comes from. */
export interface Sources {
  /** The folder of a checkout, which is only read. Fails with what to do when there is none. */
  checkout(git: GitArtifact): Promise<string>;
}

export interface WorkflowControllerOptions {
  readonly objects: Objects;
  readonly log: ClusterLog;
  readonly sources: Sources;
  readonly hostPath: HostPath;
  /** How long the engine leaves a Pod's news alone, as Argo does for about ten seconds; 0 when absent. */
  readonly requeueSeconds?: number;
  readonly now?: () => number;
}

/** No timer is longer: setTimeout has its limit, and a look costs nothing. */
const LONGEST_WAIT = 24 * 60 * 60 * 1000;

/**
 * Runs Workflows as Argo Workflows 3.7 does, a Pod per attempt at a step. The truth is the Workflow's status and its Pods: an engine that is killed
 * at any moment and started again goes on where it was.
 */
export class WorkflowController implements Controller {
  readonly name = 'workflow';
  private readonly queue: WorkQueue;
  private readonly now: () => number;
  private watches: (() => void)[] = [];

  constructor(private readonly options: WorkflowControllerOptions) {
    this.queue = new WorkQueue((key) => this.reconcile(key), options.log);
    this.now = options.now ?? Date.now;
  }

  async start(): Promise<void> {
    const { objects, requeueSeconds = 0 } = this.options;
    this.watches = [
      objects.watch('Workflow', ({ object }) => this.queue.add(keyOf(object))),
      objects.watch('Pod', ({ object }) => {
        const workflow = object.metadata.labels?.[WORKFLOW_LABEL];
        if (workflow !== undefined) this.queue.addAfter(`${object.metadata.namespace ?? 'default'}/${workflow}`, requeueSeconds * 1000);
      }),
    ];
  }

  async stop(): Promise<void> {
    this.watches.forEach((unwatch) => unwatch());
    await this.queue.stop();
  }

  private async reconcile(key: string): Promise<Reconciled> {
    const [namespace, name] = key.split('/') as [string, string];
    const workflow = this.options.objects.get({ kind: 'Workflow', namespace, name }) as Workflow | undefined;
    if (workflow === undefined) return undefined;
    if (ended(workflow)) return this.retain(workflow);
    const status = workflow.status?.phase === undefined ? this.begin(workflow) : workflow.status;
    return status === undefined ? undefined : this.operate(workflow, status);
  }

  /** The status of a Workflow that has not begun; nothing when it cannot. */
  private begin(workflow: Workflow): WorkflowStatus | undefined {
    const { objects, log } = this.options;
    const { name, namespace = 'default' } = workflow.metadata;
    const startedAt = new Date(this.now()).toISOString();
    const referred = workflow.spec.workflowTemplateRef?.name;
    const template = referred === undefined ? undefined : objects.get({ kind: 'WorkflowTemplate', namespace, name: referred });
    const spec = effectiveSpec(workflow.spec, template?.spec as WorkflowSpec | undefined);
    const refused = referred !== undefined && template === undefined ? `workflowtemplates.argoproj.io "${referred}" not found` : refuseWorkflow(spec);
    const invalid = refused === undefined ? invalidity(spec) : undefined;
    const message = refused ?? (invalid && `invalid spec: ${invalid}`);
    if (message === undefined) return { phase: 'Running', startedAt, nodes: {}, storedWorkflowTemplateSpec: spec };
    log.warn('a Workflow cannot be run', { workflow: name, namespace, reason: message });
    this.finish(workflow, { phase: invalid === undefined ? 'Error' : 'Failed', message, startedAt, nodes: {} });
    return undefined;
  }

  private async operate(workflow: Workflow, status: WorkflowStatus): Promise<Reconciled> {
    const { objects, hostPath } = this.options;
    const { namespace = 'default', name } = workflow.metadata;
    // Only how it is stopped can be changed while it runs.
    const spec: WorkflowSpec = { ...status.storedWorkflowTemplateSpec!, shutdown: workflow.spec.shutdown };
    const nodes = new NodeTree(name, status, this.now);
    let operation: Operation;
    try {
      const scope = workflowScope(workflow, spec);
      operation = new Operation({
        workflow,
        spec,
        nodes,
        scope,
        hostPath,
        now: this.now(),
        pod: (podNamed) => this.ownPod(workflow, podNamed),
      });
      operation.run();
    } catch (error) {
      this.finish(workflow, { ...status, phase: 'Error', message: (error as Error).message });
      return undefined;
    }
    for (const pod of operation.removals) objects.remove({ kind: 'Pod', namespace, name: pod });
    if (status.phase !== 'Running') {
      this.finish(workflow, status);
      return undefined;
    }
    this.persist(workflow, status);
    const failed = await Promise.all(operation.launches.map((launch) => this.launch(workflow, spec, operation, launch)));
    if (failed.some(Boolean)) this.persist(workflow, status);
    const cleaned = this.cleanPods(workflow, spec, status);
    const again = failed.some(Boolean) ? 0 : Math.min(operation.again, cleaned);
    return again === Infinity ? undefined : { again: Math.min(again, LONGEST_WAIT) };
  }

  /** Makes the Pod of a node unless it is there. Whether it failed, which the node then says. */
  private async launch(workflow: Workflow, spec: WorkflowSpec, operation: Operation, { node, template }: Launch): Promise<boolean> {
    const { objects, sources } = this.options;
    const { namespace = 'default', name } = workflow.metadata;
    const pod = podName(name, node.name, template.name);
    const existing = objects.get({ kind: 'Pod', namespace, name: pod });
    if (existing !== undefined) {
      // One of an earlier Workflow of this name is in the way until it is gone.
      if (this.ownPod(workflow, pod) === undefined) {
        objects.remove(refOf(existing));
        operation.wait(100);
      }
      return false;
    }
    try {
      const artifacts = gitArtifacts(template);
      const checkouts = await Promise.all(artifacts.map(async ({ name: artifact, git }) => [artifact, await sources.checkout(git)] as const));
      // The Workflow may have gone while its code was fetched.
      if (objects.get(refOf(workflow))?.metadata.uid !== workflow.metadata.uid) return false;
      const secondsLeft = node.nodeFlag?.hooked ? undefined : operation.secondsLeft;
      objects.create(podOf({ workflow, spec, template, node, scope: operation.input.scope, sources: new Map(checkouts), secondsLeft }));
      return false;
    } catch (error) {
      // What Argo's init container says when it cannot fetch an artifact.
      operation.input.nodes.mark(node, 'Error', (error as Error).message);
      return true;
    }
  }

  private ownPod(workflow: Workflow, name: string): KubeObject | undefined {
    const pod = this.options.objects.get({ kind: 'Pod', namespace: workflow.metadata.namespace ?? 'default', name });
    return pod?.metadata.ownerReferences?.some(({ uid }) => uid === workflow.metadata.uid) ? pod : undefined;
  }

  private finish(workflow: Workflow, status: WorkflowStatus): void {
    const { log } = this.options;
    status.finishedAt = new Date(this.now()).toISOString();
    status.conditions = [{ type: 'Completed', status: 'True' }];
    const report = { workflow: workflow.metadata.name, phase: status.phase, ...(status.message && { message: status.message }) };
    log.info('a Workflow has ended', report);
    this.persist(workflow, status);
  }

  private persist(workflow: Workflow, status: WorkflowStatus): void {
    // Of every attempt that is made, those that succeeded.
    const pods = Object.values(status.nodes).filter(({ type }) => type === 'Pod');
    status.progress = `${pods.filter(({ phase }) => phase === 'Succeeded').length}/${pods.length}`;
    this.options.objects.update(refOf(workflow), (object) => {
      if (object.metadata.uid !== workflow.metadata.uid) return undefined;
      const labels = { ...object.metadata.labels, [PHASE_LABEL]: status.phase, [COMPLETED_LABEL]: String(status.phase !== 'Running') };
      return { ...object, metadata: { ...object.metadata, labels }, status: structuredClone(status) };
    });
  }

  /** Removes what has outlived its time, of a Workflow that has ended. */
  private retain(workflow: Workflow): Reconciled {
    const { objects } = this.options;
    const status = workflow.status!;
    // Argo reads how long a Workflow stays from the Workflow, and falls back to what it ran.
    const spec = { ...status.storedWorkflowTemplateSpec, ...workflow.spec };
    const due = expiry(spec, status) - this.now();
    if (due <= 0) {
      objects.remove(refOf(workflow));
      return undefined;
    }
    for (const pod of this.podsOf(workflow)) {
      if (pod.metadata.labels![COMPLETED_LABEL] !== 'true') {
        objects.update(refOf(pod), (object) => ({
          ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, [COMPLETED_LABEL]: 'true' } },
        }));
      }
    }
    const again = Math.min(due, this.cleanPods(workflow, status.storedWorkflowTemplateSpec ?? workflow.spec, status));
    return again === Infinity ? undefined : { again: Math.min(again, LONGEST_WAIT) };
  }

  /** Removes Pods whose strategy says so; in how many milliseconds the next one is due. */
  private cleanPods(workflow: Workflow, spec: WorkflowSpec, status: WorkflowStatus): number {
    if (spec.podGC?.strategy === undefined) return Infinity;
    const nodes = Object.values(status.nodes);
    const names = new Map(nodes.map((node): [string, NodeStatus] => [podName(workflow.metadata.name, node.name, node.templateName), node]));
    let next = Infinity;
    for (const pod of this.podsOf(workflow)) {
      const node = names.get(pod.metadata.name);
      if (node?.finishedAt === undefined) continue;
      const due = podExpiry(spec, status, { phase: node.phase, finishedAt: node.finishedAt }) - this.now();
      if (due <= 0) this.options.objects.remove(refOf(pod));
      else next = Math.min(next, due);
    }
    return next;
  }

  private podsOf({ metadata: { name, namespace = 'default' } }: Workflow): KubeObject[] {
    return this.options.objects.list('Pod', { namespace, labels: { [WORKFLOW_LABEL]: name } });
  }
}

function keyOf({ metadata: { name, namespace = 'default' } }: KubeObject): string {
  return `${namespace}/${name}`;
}
