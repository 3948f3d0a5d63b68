import type { BehaviourWorkflow, TracedWorkflow } from '../../../fidelity/traces/trace.js';
import type { WorkflowObject } from '../../src/sensing/workflows.js';

/** A recorded Workflow as the API server gives it. The record has no times: the Workflow and its nodes end at the given one, unless it still runs. */
export function workflowObject({ name, labels, phase, nodes = [] }: BehaviourWorkflow | TracedWorkflow, ended: string): WorkflowObject {
  const finishedAt = phase === 'Running' ? null : ended;
  const finished = nodes.map((node) => [node.name, {
    displayName: node.displayName,
    phase: node.phase,
    finishedAt,
    outputs: { parameters: Object.entries(node.outputs ?? {}).map(([key, value]) => ({ name: key, value: value ?? undefined })) },
  }] as const);
  return {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name, labels }, status: { phase, finishedAt, nodes: Object.fromEntries(finished) },
  };
}
