import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import type { Trace, TracedNode, TracedWorkflow } from '../../../../fidelity/traces/trace.js';
import { EventBus } from '../../../src/pocket/events/event-bus.js';
import { SensorController } from '../../../src/pocket/events/sensor-controller.js';
import type { KubeObject } from '../../../src/pocket/objects/kube-object.js';
import type { Clock } from '../../../src/pocket/workflow/clock.js';
import { CronController } from '../../../src/pocket/workflow/cron-controller.js';
import type { Template, Workflow } from '../../../src/pocket/workflow/types.js';
import { DIGITS, folder, inside } from '../../cli.js';
import { Lab, until, type Act, type Ran } from '../workflow/lab.js';
import { traced, wakeOf } from './trace.js';

const ENGINES = new Set(['WorkflowTemplate', 'EventBus', 'Sensor', 'Workflow', 'CronWorkflow']);

/** What synth writes for a namespace where images are made elsewhere: what the recorded cluster was given. */
export async function manifests({ axon, namespace }: Trace): Promise<KubeObject[]> {
  const dir = folder();
  const { code, err } = await inside(['synth', DIGITS, '--images', 'external', '-n', namespace, '-o', dir]);
  if (code !== 0) throw new Error(err);
  return ['platform', axon].flatMap((name) => loadAll(readFileSync(join(dir, `${name}.yaml`), 'utf8')) as KubeObject[]);
}

/** The pocket's engines over the recorded run: they get the recorded events, and Pods that end as the recorded ones did. */
export class Replay {
  private readonly lab = new Lab();
  private readonly bus = new EventBus();
  private readonly clock = new JumpingClock();
  private readonly nodes: ReadonlyMap<string, TracedNode>;
  private readonly templates: readonly Template[];
  private engines: readonly { start(): Promise<void>; stop(): Promise<void> }[] = [];

  constructor(private readonly trace: Trace, private readonly objects: readonly KubeObject[]) {
    this.nodes = new Map(trace.workflows.flatMap(({ nodes }) => nodes).map((node) => [node.name, node]));
    this.templates = objects.find(({ kind }) => kind === 'WorkflowTemplate')!.spec.templates;
    this.lab.script = (ran) => this.act(ran);
  }

  /** Plays all of it; how the Workflows ended, in the order of the record. */
  async run(): Promise<TracedWorkflow[]> {
    const { objects, log } = await this.lab.start();
    this.clock.time = Math.min(...this.trace.workflows.flatMap(({ name }) => dueOf(name) ?? [])) - 1000;
    this.engines = [new SensorController({ objects, log, bus: this.bus }), new CronController({ objects, log, clock: this.clock })];
    await Promise.all(this.engines.map((engine) => engine.start()));
    for (const object of this.objects.filter(({ kind }) => ENGINES.has(kind))) objects.apply(object);
    const { axon, namespace } = this.trace;
    await until('the Sensor', () => objects.get({ kind: 'Sensor', namespace, name: axon })?.status?.conditions?.[0]?.status === 'True');
    const played: TracedWorkflow[] = [];
    for (const recorded of this.trace.workflows) {
      await this.cause(recorded);
      const made = await until(`Workflow ${recorded.name} to end`, () => this.ended(recorded.name));
      played.push(traced(made, objects.list('Pod', { namespace })));
    }
    return played;
  }

  /** Names of all Workflows, in the order of the alphabet. */
  names(): string[] {
    return this.lab.objects.list('Workflow', { namespace: this.trace.namespace }).map(({ metadata }) => metadata.name).sort();
  }

  async close(): Promise<void> {
    await Promise.all(this.engines.map((engine) => engine.stop()));
    await this.lab.close();
  }

  /** Lets happen what made a Workflow. That which runs once is there from the start. */
  private async cause(recorded: TracedWorkflow): Promise<void> {
    const { axon, namespace } = this.trace;
    const due = dueOf(recorded.name);
    if (due !== undefined) {
      await until('the schedule', () => this.clock.waits);
      this.clock.jump(due);
    }
    const wake = wakeOf(recorded);
    if (wake === undefined) return;
    const data = JSON.stringify({ header: {}, body: wake.body, metadata: null });
    const event = { id: wake.delivery, source: axon, subject: wake.dependency, type: 'webhook', time: '2026-01-01T00:00:00Z', data };
    this.bus.publish({ namespace, bus: 'default' }, event);
  }

  /** Ends a Pod as the recorded one ended. Of an output that has its default the program may have written nothing, so nothing is written. */
  private act({ pod }: Ran): Act {
    const node = this.nodes.get(pod.metadata.annotations!['workflows.argoproj.io/node-name']!);
    if (node === undefined) return { exit: 1 };
    const declared = this.templates.find(({ name }) => name === node.templateName)?.outputs?.parameters ?? [];
    const left = declared.filter(({ name, valueFrom }) => node.outputs?.[name] !== valueFrom?.default);
    return { exit: Number(node.exitCode), files: Object.fromEntries(left.map(({ name, valueFrom }) => [valueFrom!.path!, node.outputs![name]!])) };
  }

  private ended(name: string): Workflow | undefined {
    const workflow = this.lab.objects.get({ kind: 'Workflow', namespace: this.trace.namespace, name }) as Workflow | undefined;
    return workflow?.status?.finishedAt === undefined ? undefined : workflow;
  }
}

/** When a CronWorkflow made a Workflow of this name, in milliseconds. */
function dueOf(name: string): number | undefined {
  const seconds = /-(\d{10})$/.exec(name)?.[1];
  return name.includes('-sweep-') && seconds !== undefined ? Number(seconds) * 1000 : undefined;
}

/** A clock that stands still until it is told the time. */
class JumpingClock implements Clock {
  time = 0;
  private readonly timers = new Set<{ readonly at: number; readonly call: () => void }>();

  get waits(): boolean {
    return this.timers.size > 0;
  }

  now(): number {
    return this.time;
  }

  after(milliseconds: number, call: () => void): () => void {
    const timer = { at: this.time + milliseconds, call };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  jump(time: number): void {
    this.time = time;
    for (const timer of [...this.timers].filter(({ at }) => at <= time)) {
      this.timers.delete(timer);
      timer.call();
    }
  }
}
