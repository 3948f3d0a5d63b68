import { Depends } from './depends.js';
import { evaluateBoolean, nested } from './expression/expr.js';
import { evaluateWhen } from './expression/govaluate.js';
import { argumentsOf } from './inputs.js';
import type { NodeExecutor } from './node-executor.js';
import { substitute, type Scope } from './substitute.js';
import { completed, fulfilled, unsuccessful, type DagTask, type NodePhase, type NodeStatus, type Parameter, type Template } from './types.js';

/** One look at the node of a DAG: begins the tasks that can begin, and ends when all have. */
export class DagRun {
  private readonly tasks: ReadonlyMap<string, DagTask>;
  private readonly depends: ReadonlyMap<string, Depends>;
  private readonly visited = new Set<string>();

  constructor(
    private readonly operation: NodeExecutor, private readonly node: NodeStatus, private readonly template: Template, private readonly scope: Scope,
  ) {
    const tasks = template.dag!.tasks;
    this.tasks = new Map(tasks.map((task) => [task.name, task]));
    this.depends = new Map(tasks.flatMap((task): [string, Depends][] => {
      const depends = Depends.of(task);
      return depends === undefined ? [] : [[task.name, depends]];
    }));
    for (const task of this.tasks.keys()) {
      if (this.ancestors(task).includes(task)) throw new Error(`task '${task}' waits for itself`);
    }
  }

  run(): NodeStatus {
    const { nodes } = this.operation.input;
    // One that is stopped ends at once, whatever its tasks are at, and tells no hook.
    if (this.operation.isShutDown) return nodes.mark(this.node, 'Failed');
    for (const task of this.leaves()) this.visit(task);
    const all = [...this.tasks.keys()].map((task) => this.nodeOf(task));
    if (!all.every((node) => node !== undefined && fulfilled(node) && nodes.hooksEnded(node))) return this.node;
    const phase = this.phase();
    if (phase === 'Running') return this.node;
    this.node.outboundNodes = this.leaves().flatMap((task) => nodes.outbound(this.nodeOf(task)!)).map(({ id }) => id);
    if (phase === 'Succeeded') this.outputs();
    return nodes.mark(this.node, phase);
  }

  /** Begins a task when all before it have ended, those first. */
  private visit(name: string): void {
    if (this.visited.has(name)) return;
    this.visited.add(name);
    const task = this.tasks.get(name);
    if (task === undefined) throw new Error(`task '${name}' is not defined`);
    const { nodes } = this.operation.input;
    const depends = this.depends.get(name);
    depends?.tasks.forEach((before) => this.visit(before));
    const before = (depends?.tasks ?? []).map((other) => this.nodeOf(other));
    if (before.some((node) => node === undefined || !fulfilled(node) || !nodes.hooksEnded(node))) return;
    const existing = this.nodeOf(name);
    if (existing !== undefined && fulfilled(existing)) return this.end(task, existing);
    const node = existing === undefined ? this.withoutRunning(task, depends) ?? this.go(task) : this.go(task);
    this.connect(node, before as NodeStatus[]);
    if (fulfilled(node)) this.end(task, node);
  }

  /** The node of a task that never runs: omitted by what came before, skipped by its own condition, or wrong. */
  private withoutRunning(task: DagTask, depends: Depends | undefined): NodeStatus | undefined {
    if (depends !== undefined && !depends.met((other) => this.nodeOf(other)!.phase)) {
      return this.leaveOut(task, 'Omitted', 'omitted: depends condition not met');
    }
    if (!task.when) return undefined;
    try {
      const when = substitute(task.when, this.scopeOf(task.name));
      return evaluateWhen(when) ? undefined : this.leaveOut(task, 'Skipped', `when '${when}' evaluated false`);
    } catch (error) {
      return this.leaveOut(task, 'Error', (error as Error).message);
    }
  }

  private leaveOut(task: DagTask, phase: NodePhase, message: string): NodeStatus {
    return this.operation.input.nodes.add({
      name: this.nameOf(task.name), type: 'Skipped', template: task.template, phase, boundary: this.node, flag: {}, message,
    });
  }

  private go(task: DagTask): NodeStatus {
    let given: Scope;
    try {
      given = argumentsOf(task.arguments, this.scopeOf(task.name));
    } catch (error) {
      return this.leaveOut(task, 'Error', `task '${this.nameOf(task.name)}' errored: ${(error as Error).message}`);
    }
    return this.operation.execute(this.nameOf(task.name), task.template, given, { boundary: this.node, task: task.name });
  }

  private end(task: DagTask, node: NodeStatus): void {
    const hook = task.hooks?.exit;
    if (hook === undefined || !completed(node)) return;
    const scope = new Map([...this.scopeOf(task.name), ...this.results(task.name)]);
    if (hook.expression && !evaluateBoolean(hook.expression, nested(scope))) return;
    this.operation.exit(node.name, hook, scope, this.node);
  }

  private connect(node: NodeStatus, before: NodeStatus[]): void {
    const { nodes } = this.operation.input;
    const parents = before.length === 0 ? [this.node] : before.flatMap((other) => nodes.outbound(other));
    for (const parent of parents) nodes.connect(parent, node);
  }

  /**
   * The phase of all is that of the tasks that nothing waits for, a failure before a success. One of them that did not run has the phase of what it
   * hangs from. So it is a success, wrong as it is, when it hangs from the hook of a failed step; and when that hook has attempts of its own, the walk
   * does not come to it, and the Workflow never ends. Argo's walk, step by step.
   */
  private phase(): NodePhase {
    const { nodes } = this.operation.input;
    const leaves = new Map<string, NodePhase | undefined>(this.leaves().map((task) => [this.nodeOf(task)!.id, undefined]));
    const seen = new Set<string>();
    const queue = nodes.childrenOf(this.node).map((node) => ({ node, above: 'Succeeded' as NodePhase }));
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { node, above } = next;
      if (seen.has(`${node.id} ${above}`)) continue;
      seen.add(`${node.id} ${above}`);
      const phase = completed(node) ? node.phase : above;
      const before = leaves.get(node.id);
      if (leaves.has(node.id) && (before === undefined || !unsuccessful({ phase: before }))) leaves.set(node.id, phase);
      queue.push(...this.below(node).map((child) => ({ node: child, above: phase })));
    }
    const phases = [...leaves.values()];
    return phases.find((phase) => phase !== undefined && unsuccessful({ phase })) ?? (phases.includes(undefined) ? 'Running' : 'Succeeded');
  }

  /** What hangs from a node. From one with attempts, what hangs from them, and what is hooked to their end. */
  private below(node: NodeStatus): NodeStatus[] {
    const { nodes } = this.operation.input;
    const children = nodes.childrenOf(node);
    return node.type === 'Retry' ? children.reverse().flatMap((child) => (child.nodeFlag?.hooked ? [child] : nodes.childrenOf(child))) : children;
  }

  private outputs(): void {
    const declared = this.template.outputs?.parameters ?? [];
    if (declared.length === 0) return;
    const scope = new Map([...this.scope, ...[...this.tasks.keys()].flatMap((task) => this.results(task))]);
    const parameters = declared.flatMap((parameter): Parameter[] => {
      const { parameter: from, default: fallback } = parameter.valueFrom ?? {};
      if (from === undefined) return [];
      const value = scope.get(from.replace(/^\{\{|\}\}$/g, '').trim()) ?? fallback;
      if (value === undefined) throw new Error(`unable to resolve ${from} of output parameter '${parameter.name}'`);
      return [{ ...parameter, value: String(value) }];
    });
    this.node.outputs = { parameters };
  }

  /** What tags of a task stand for: the DAG's own, and the results of all that came before it. */
  private scopeOf(task: string): Scope {
    return new Map([...this.scope, ...this.ancestors(task).flatMap((other) => this.results(other))]);
  }

  private ancestors(task: string, found = new Set<string>()): string[] {
    for (const before of this.depends.get(task)?.tasks ?? []) {
      if (found.has(before)) continue;
      found.add(before);
      this.ancestors(before, found);
    }
    return [...found];
  }

  /** A task that never ran gives the defaults that its template declares, and nothing (null) where it declares none. */
  private results(task: string): [string, string | null][] {
    const node = this.nodeOf(task);
    if (node === undefined) return [];
    const own: [string, string | null][] = [
      [`tasks.${task}.id`, node.id], [`tasks.${task}.status`, node.phase], [`tasks.${task}.startedAt`, node.startedAt],
      ...(node.finishedAt ? [[`tasks.${task}.finishedAt`, node.finishedAt] as [string, string]] : []),
      ...(node.outputs?.exitCode !== undefined ? [[`tasks.${task}.exitCode`, node.outputs.exitCode] as [string, string]] : []),
    ];
    const outputs = node.outputs?.parameters ?? (completed(node) ? [] : this.declared(task));
    return [...own, ...outputs.map(({ name, value }): [string, string | null] =>
      [`tasks.${task}.outputs.parameters.${name}`, value === undefined ? null : String(value)])];
  }

  private declared(task: string): Parameter[] {
    const template = this.operation.input.spec.templates?.find(({ name }) => name === this.tasks.get(task)!.template);
    return (template?.outputs?.parameters ?? []).map(({ name, valueFrom }) => ({ name, value: valueFrom?.default }));
  }

  /** The tasks that nothing waits for. */
  private leaves(): string[] {
    const awaited = new Set([...this.depends.values()].flatMap(({ tasks }) => tasks));
    return [...this.tasks.keys()].filter((task) => !awaited.has(task)).sort();
  }

  private nodeOf(task: string): NodeStatus | undefined {
    return this.operation.input.nodes.named(this.nameOf(task));
  }

  private nameOf(task: string): string {
    return `${this.node.name}.${task}`;
  }
}
