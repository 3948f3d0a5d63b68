import type { NodeTree } from './node-tree.js';
import type { Scope } from './substitute.js';
import type { LifecycleHook, NodeStatus, WorkflowSpec } from './types.js';

/** Where a node stands in its Workflow. */
export interface NodePosition {
  /** The DAG's node around it. */
  readonly boundary?: NodeStatus;
  /** It belongs to an exit hook, and runs whatever became of the Workflow. */
  readonly hooked?: boolean;
  readonly task?: string;
}

/** What a DAG needs of the operation that it is part of. */
export interface NodeExecutor {
  readonly input: { readonly nodes: NodeTree; readonly spec: WorkflowSpec };
  /** The Workflow is being stopped or terminated. */
  readonly isShutDown: boolean;

  /** Continues a node, or creates it, with these values of the template's inputs. */
  execute(name: string, templateName: string, given: Scope, position: NodePosition): NodeStatus;
  /** Runs the exit hook of a node that has ended. */
  exit(name: string, hook: LifecycleHook, scope: Scope, boundary?: NodeStatus): NodeStatus;
}
