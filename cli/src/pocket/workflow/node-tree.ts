import { nodeId } from './names.js';
import { fulfilled, type NodePhase, type NodeStatus, type WorkflowStatus } from './types.js';

export interface NewNode {
  readonly name: string;
  readonly type: NodeStatus['type'];
  readonly template: string;
  readonly phase: NodePhase;
  readonly boundary?: NodeStatus;
  readonly flag?: NodeStatus['nodeFlag'];
  readonly message?: string;
  readonly inputs?: NodeStatus['inputs'];
}

/** The nodes of a Workflow's status: made, found, connected and marked as Argo does it. */
export class NodeTree {
  constructor(private readonly workflow: string, readonly status: WorkflowStatus, private readonly now: () => number) {}

  get all(): NodeStatus[] {
    return Object.values(this.status.nodes);
  }

  named(name: string): NodeStatus | undefined {
    return this.status.nodes[nodeId(this.workflow, name)];
  }

  add({ name, type, template, phase, boundary, flag, message, inputs }: NewNode): NodeStatus {
    const startedAt = this.time();
    const node: NodeStatus = {
      id: nodeId(this.workflow, name),
      name,
      // Within its boundary a node is known by its own name: `wf.train` is `train`, `wf.train(1)` is `train(1)`.
      displayName: boundary === undefined ? name : name.replace(new RegExp(`^${escaped(boundary.name)}\\.?`), ''),
      type,
      templateName: template,
      // Argo runs a Workflow that refers to its template as a copy without a name.
      templateScope: `local/${this.status.storedWorkflowTemplateSpec?.workflowTemplateRef === undefined ? this.workflow : ''}`,
      ...(boundary && { boundaryID: boundary.id }),
      phase,
      ...(message && { message }),
      startedAt,
      ...(fulfilled({ phase }) && { finishedAt: startedAt }),
      ...(inputs && { inputs }),
      ...(flag && { nodeFlag: flag }),
    };
    this.status.nodes[node.id] = node;
    return node;
  }

  mark(node: NodeStatus, phase: NodePhase, message?: string): NodeStatus {
    node.phase = phase;
    if (message === undefined) delete node.message;
    else node.message = message;
    if (fulfilled(node)) node.finishedAt ??= this.time();
    return node;
  }

  connect(parent: NodeStatus, child: NodeStatus): void {
    if (!parent.children?.includes(child.id)) parent.children = [...(parent.children ?? []), child.id];
  }

  childrenOf(node: NodeStatus): NodeStatus[] {
    return (node.children ?? []).map((id) => this.status.nodes[id]!).filter(Boolean);
  }

  /** The attempts at a step, in order. */
  attemptsOf(node: NodeStatus): NodeStatus[] {
    return this.childrenOf(node).filter(({ nodeFlag }) => nodeFlag?.retried);
  }

  /** Whether what was hooked to the end of a node has ended too. */
  hooksEnded(node: NodeStatus): boolean {
    return this.childrenOf(node).every((child) => !child.nodeFlag?.hooked || fulfilled(child));
  }

  /** The nodes that what follows hangs from: of attempts the last one, or what was hooked to their end and so came after it. */
  outbound(node: NodeStatus): NodeStatus[] {
    if (node.type === 'Retry') return this.childrenOf(node).slice(-1);
    if (node.type === 'DAG') return (node.outboundNodes ?? []).flatMap((id) => this.outbound(this.status.nodes[id]!));
    return [node];
  }

  private time(): string {
    return new Date(this.now()).toISOString();
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
