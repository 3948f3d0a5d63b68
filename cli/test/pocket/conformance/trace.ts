import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Texts, Trace, TracedNode, TracedWorkflow } from '../../../../fidelity/traces/trace.js';
import type { KubeObject } from '../../../src/pocket/objects/kube-object.js';
import { podName } from '../../../src/pocket/workflow/names.js';
import type { NodeStatus, Parameter, Workflow } from '../../../src/pocket/workflow/types.js';
import { ROOT } from '../../cli.js';

/** The recorded traces, by the name of their file. */
export function traces(): [string, Trace][] {
  const folder = join(ROOT, 'fidelity', 'traces', 'loops');
  return readdirSync(folder).filter((name) => name.endsWith('.json')).sort()
    .map((name) => [basename(name, '.json'), JSON.parse(readFileSync(join(folder, name), 'utf8')) as Trace]);
}

/** A Workflow of the pocket in the form of the record. */
export function traced(workflow: Workflow, pods: readonly KubeObject[]): TracedWorkflow {
  const { metadata, spec, status } = workflow;
  const { phase, message, progress = '', nodes, storedWorkflowTemplateSpec } = status!;
  const names = (ids?: readonly string[]) => ids?.map((id) => nodes[id]!.name);
  const ownPod = (node: NodeStatus) => pods.find(({ metadata: { annotations } }) => annotations?.['workflows.argoproj.io/node-name'] === node.name)?.metadata.name;
  return defined({
    name: metadata.name,
    labels: metadata.labels!,
    spec,
    parameters: values(storedWorkflowTemplateSpec?.arguments?.parameters),
    phase,
    message,
    progress,
    nodes: Object.values(nodes).map((node): TracedNode => ({
      id: node.id,
      name: node.name,
      displayName: node.displayName,
      type: node.type,
      templateName: node.templateName,
      templateScope: node.templateScope,
      boundary: node.boundaryID && nodes[node.boundaryID]!.name,
      flag: node.nodeFlag,
      phase: node.phase,
      message: node.message,
      children: names(node.children),
      outbound: names(node.outboundNodes),
      inputs: values(node.inputs?.parameters),
      outputs: values(node.outputs?.parameters),
      exitCode: node.outputs?.exitCode,
      pod: node.type === 'Pod' ? ownPod(node) : undefined,
    })),
  });
}

/** Its nodes by name. A Pod that the record could not have is named by the rule that the recorded ones follow. */
export function byName({ name: workflow, nodes }: TracedWorkflow): Record<string, TracedNode> {
  return Object.fromEntries(nodes.map((node) => [node.name, node.type === 'Pod' ? { pod: podName(workflow, node.name, node.templateName), ...node } : node]));
}

/** The body of the event that woke a Workflow, and the dependency and the id of its delivery; nothing of one that no event woke. */
export function wakeOf({ spec }: TracedWorkflow): { body: unknown; dependency: string; delivery: string } | undefined {
  const { event, delivery } = values(spec.arguments?.parameters) ?? {};
  if (event === undefined || delivery === undefined) return undefined;
  const slash = delivery.indexOf('/');
  return { body: JSON.parse(Buffer.from(event, 'base64').toString()), dependency: delivery.slice(0, slash), delivery: delivery.slice(slash + 1) };
}

function values(parameters?: readonly Parameter[]): Texts | undefined {
  return parameters && Object.fromEntries(parameters.map(({ name, value }) => [name, String(value)]));
}

/** Without keys that have no value, as JSON has it. */
function defined<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
