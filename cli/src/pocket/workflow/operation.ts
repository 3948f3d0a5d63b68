import type { KubeObject } from '../objects/kube-object.js';
import { DagRun } from './dag.js';
import { argumentsOf, inputsOf } from './inputs.js';
import { exitNode, podName } from './names.js';
import type { NodeExecutor, NodePosition } from './node-executor.js';
import type { NodeTree } from './node-tree.js';
import { outcomeOf, type HostPath } from './outcome.js';
import { decideRetry, lastRetry } from './retry.js';
import { substitute, type Scope } from './substitute.js';
import {
  fulfilled, unsuccessful, type LifecycleHook, type NodeStatus, type Parameter, type RetryStrategy, type Template, type Workflow, type WorkflowSpec,
} from './types.js';

/** A Pod that is to be there for a node. */
export interface Launch {
  readonly node: NodeStatus;
  readonly template: Template;
}

/** A step with the values of its inputs. */
interface Begun {
  readonly name: string;
  readonly template: Template;
  readonly inputs: Parameter[];
  readonly position: NodePosition;
  /** What its tags stand for. */
  readonly scope: Scope;
}

export interface OperationInput {
  readonly workflow: Workflow;
  readonly spec: WorkflowSpec;
  readonly nodes: NodeTree;
  /** What `{{workflow.…}}` stands for. */
  readonly scope: Scope;
  readonly pod: (name: string) => KubeObject | undefined;
  readonly hostPath: HostPath;
  readonly now: number;
}

/**
 * One look at a Workflow: what its Pods say goes into its nodes, and what can go on gets nodes. Nothing is remembered between two looks but the
 * nodes themselves, and nothing is done to the cluster: `launches` and `removals` say what is to be done.
 */
export class Operation implements NodeExecutor {
  readonly launches: Launch[] = [];
  /** Pods that are to go, by name. */
  readonly removals: string[] = [];
  /** When the clock alone changes something, in milliseconds from now. */
  again = Infinity;
  private readonly deadline: number;
  /** What every template may name; its end is known to the exit handler alone. */
  private globals: Scope;

  constructor(readonly input: OperationInput) {
    const { spec, nodes, scope } = input;
    this.globals = new Map([...scope, ['workflow.status', 'Running']]);
    this.deadline = spec.activeDeadlineSeconds === undefined ? Infinity : Date.parse(nodes.status.startedAt) + spec.activeDeadlineSeconds * 1000;
  }

  /** What is left of the Workflow's time, in seconds, for pods that are not hooked to an end. */
  get secondsLeft(): number | undefined {
    return this.deadline === Infinity ? undefined : (this.deadline - this.input.now) / 1000;
  }

  run(): void {
    const { spec, workflow, nodes } = this.input;
    for (const node of nodes.all.filter(({ type, phase }) => type === 'Pod' && !fulfilled({ phase }))) this.assess(node);
    if (this.deadline !== Infinity && this.deadline > this.input.now) this.wait(this.deadline - this.input.now);
    const given = new Map((spec.arguments?.parameters ?? []).map(({ name, value }) => [name, String(value)]));
    const root = this.execute(workflow.metadata.name, spec.entrypoint!, given, {});
    if (!fulfilled(root)) return;
    const hook = spec.hooks?.exit ?? (spec.onExit ? { template: spec.onExit } : undefined);
    this.globals = this.endScope(root);
    // One that is told to end at once does not run its end either.
    const end = hook && spec.shutdown !== 'Terminate' ? this.exit(workflow.metadata.name, hook, this.globals) : undefined;
    if (end === undefined || fulfilled(end)) this.finish(root, end);
  }

  /** Goes on with a node, or begins it, with these values of the template's inputs. */
  execute(name: string, templateName: string, given: Scope, position: NodePosition): NodeStatus {
    const { nodes, spec } = this.input;
    const existing = nodes.named(name);
    if (existing !== undefined && fulfilled(existing)) return existing;
    try {
      const template = spec.templates?.find((candidate) => candidate.name === templateName);
      if (template === undefined) throw new Error(`template ${templateName} undefined`);
      const inputs = inputsOf(template, given, this.globals);
      const own = new Map([...this.globals, ['node.name', name], ...(position.task ? [['tasks.name', position.task] as const] : []),
        ...inputs.map(({ name: input, value }) => [`inputs.parameters.${input}`, String(value)] as const),
        ['inputs.parameters', JSON.stringify(inputs)], ...pathsOf(template)]);
      const strategy = template.retryStrategy ?? spec.retryStrategy;
      const begun = { name, template, inputs, position, scope: own };
      return strategy === undefined ? this.attempt(begun) : this.attempts(begun, strategy);
    } catch (error) {
      const { message: reason } = error as Error;
      const message = position.task === undefined ? reason : `task '${name}' errored: ${reason}`;
      const node = nodes.named(name);
      return node === undefined
        ? nodes.add({ name, type: 'Skipped', template: templateName, phase: 'Error', boundary: position.boundary, flag: flagOf(position), message })
        : nodes.mark(node, 'Error', message);
    }
  }

  /** Runs the exit hook of a node that has ended, when its expression says so. */
  exit(name: string, hook: LifecycleHook, scope: Scope, boundary?: NodeStatus): NodeStatus {
    const end = this.execute(exitNode(name), hook.template, argumentsOf(hook.arguments, scope), { hooked: true, boundary });
    const parent = this.input.nodes.named(name);
    // That of the Workflow itself stands beside its root.
    if (parent !== undefined && boundary !== undefined) this.input.nodes.connect(parent, end);
    return end;
  }

  wait(milliseconds: number): void {
    this.again = Math.min(this.again, Math.max(0, milliseconds));
  }

  private attempts(step: Begun, strategy: RetryStrategy): NodeStatus {
    const { nodes, now } = this.input;
    const { name, template, inputs, position, scope } = step;
    const node = nodes.named(name)
      ?? nodes.add({
        name,
        type: 'Retry',
        template: template.name,
        phase: 'Running',
        boundary: position.boundary,
        // Argo gives a hook and its attempts one flag.
        flag: position.hooked ? { hooked: true, retried: true } : undefined,
        inputs: statusOf(inputs),
      });
    const made = nodes.attemptsOf(node);
    const last = made.at(-1);
    if (last !== undefined && fulfilled(last)) {
      if (unsuccessful(last) && (this.stopped(position) || this.past(position))) {
        return this.close(node, last, last.phase, this.stopped(position) ? this.stopMessage() : 'retry exceeded workflow deadline');
      }
      const decision = decideRetry(made, substitute(strategy, new Map([...scope, ...lastRetry(made)])), now);
      if (decision.next === 'end') return this.close(node, last, decision.phase, decision.message);
      if (decision.next === 'wait') {
        this.wait(decision.milliseconds);
        return nodes.mark(node, 'Running', decision.message);
      }
    }
    const number = last !== undefined && !fulfilled(last) ? made.length - 1 : made.length;
    nodes.mark(node, 'Running');
    const own = new Map([...scope, ...lastRetry(made.slice(0, number)), ['retries', String(number)] as const]);
    const attempt = this.attempt({ ...step, name: `${name}(${number})`, scope: own }, { retried: true });
    nodes.connect(node, attempt);
    // What it means that it has already ended is for the next look, so that no strategy makes one look endless.
    if (fulfilled(attempt)) this.wait(0);
    return node;
  }

  private close(node: NodeStatus, last: NodeStatus, phase: NodeStatus['phase'], message?: string): NodeStatus {
    if (last.outputs !== undefined) node.outputs = last.outputs;
    return this.input.nodes.mark(node, phase, message);
  }

  private attempt({ name, template: raw, inputs, position, scope }: Begun, flag?: NodeStatus['nodeFlag']): NodeStatus {
    const { nodes, workflow } = this.input;
    const flags = position.hooked || flag ? { ...flagOf(position), ...flag } : undefined;
    const described = { name, template: raw.name, boundary: position.boundary, flag: flags, inputs: statusOf(inputs) };
    if (raw.dag !== undefined) {
      const node = nodes.named(name) ?? nodes.add({ ...described, type: 'DAG', phase: 'Running' });
      return fulfilled(node) ? node : new DagRun(this, node, raw, scope).run();
    }
    const pod = podName(workflow.metadata.name, name, raw.name);
    const filled = { ...raw, inputs: { artifacts: raw.inputs?.artifacts }, retryStrategy: undefined };
    const template = substitute(filled, new Map([...scope, ['pod.name', pod]]));
    const existing = nodes.named(name);
    const node = existing ?? nodes.add({ ...described, type: 'Pod', phase: 'Pending' });
    if (fulfilled(node) || node.phase !== 'Pending') return node;
    if (this.stopped(position)) return nodes.mark(node, 'Failed', `workflow shutdown with strategy: ${this.input.spec.shutdown}`);
    if (this.past(position)) return nodes.mark(node, 'Failed', 'Step exceeded its deadline');
    this.launches.push({ node, template });
    return node;
  }

  /** Brings into a node what its Pod says; a Pod that is gone says that it was lost. */
  private assess(node: NodeStatus): void {
    const { nodes, pod: podNamed, workflow, spec, hostPath } = this.input;
    const name = podName(workflow.metadata.name, node.name, node.templateName);
    const pod = podNamed(name);
    const position = { hooked: node.nodeFlag?.hooked };
    if (pod === undefined) {
      // One that was noted and never made is made now.
      if (node.phase !== 'Pending') nodes.mark(node, 'Error', 'pod deleted');
      return;
    }
    const { phase, message, outputs } = outcomeOf(pod, spec.templates?.find((template) => template.name === node.templateName), hostPath);
    if (outputs !== undefined && Object.keys(outputs).length > 0) node.outputs = outputs;
    nodes.mark(node, phase, message);
    if (!fulfilled(node) && (this.stopped(position) || this.past(position))) {
      this.removals.push(name);
      nodes.mark(node, 'Failed', this.stopped(position) ? `workflow shutdown with strategy:  ${spec.shutdown}` : 'Step exceeded its deadline');
    }
  }

  /** Whether the Workflow is told to end. */
  get isShutDown(): boolean {
    return this.input.spec.shutdown !== undefined;
  }

  private stopped({ hooked }: NodePosition): boolean {
    const { shutdown } = this.input.spec;
    return shutdown === 'Terminate' || (shutdown === 'Stop' && !hooked);
  }

  private past({ hooked }: NodePosition): boolean {
    return !hooked && this.input.now >= this.deadline;
  }

  private stopMessage(): string {
    return `Stopped with strategy '${this.input.spec.shutdown}'`;
  }

  private finish(root: NodeStatus, end?: NodeStatus): void {
    const { nodes: { status }, spec } = this.input;
    const decisive = !unsuccessful(root) && end !== undefined && unsuccessful(end) ? end : root;
    status.phase = unsuccessful(decisive) ? decisive.phase as 'Failed' | 'Error' : 'Succeeded';
    const message = unsuccessful(root) && spec.shutdown ? this.stopMessage() : decisive.message;
    if (message) status.message = message;
  }

  /** What the exit hook of the Workflow sees besides. */
  private endScope(root: NodeStatus): Scope {
    const failures = this.input.nodes.all.filter(unsuccessful).map((node) => ({
      displayName: node.displayName,
      message: node.message ?? '',
      templateName: node.templateName,
      phase: node.phase,
      finishedAt: node.finishedAt,
      podName: podName(this.input.workflow.metadata.name, node.name, node.templateName),
    }));
    const status = unsuccessful(root) ? root.phase : 'Succeeded';
    return new Map([...this.input.scope, ['workflow.status', status], ['workflow.failures', JSON.stringify(failures)]]);
  }
}

function flagOf(position: NodePosition): NodeStatus['nodeFlag'] {
  return position.hooked ? { hooked: true } : undefined;
}

function statusOf(inputs: Parameter[]): NodeStatus['inputs'] {
  return inputs.length > 0 ? { parameters: inputs } : undefined;
}

function pathsOf(template: Template): [string, string][] {
  return [
    ...(template.inputs?.artifacts ?? []).map(({ name, path }): [string, string] => [`inputs.artifacts.${name}.path`, path]),
    ...(template.outputs?.parameters ?? []).flatMap(({ name, valueFrom }): [string, string][] =>
      (valueFrom?.path ? [[`outputs.parameters.${name}.path`, valueFrom.path]] : [])),
  ];
}
