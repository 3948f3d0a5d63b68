import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ClusterLog } from '../../../src/pocket/controller.js';
import { refOf, type KubeObject } from '../../../src/pocket/objects/kube-object.js';
import { ObjectStore } from '../../../src/pocket/objects/store.js';
import type { NodeStatus, Workflow } from '../../../src/pocket/workflow/types.js';
import { WorkflowController, type WorkflowControllerOptions } from '../../../src/pocket/workflow/workflow-controller.js';

/** What a scripted step does: exits with a code (0), or is lost with its machine, or runs for ever; before, it writes files. */
export interface Act {
  readonly exit?: number;
  readonly lost?: boolean;
  readonly hangs?: boolean;
  readonly files?: Readonly<Record<string, string>>;
}

export interface Ran {
  /** `wf.train(0)` without the Workflow: `train(0)`. */
  readonly node: string;
  readonly workflow: string;
  readonly pod: KubeObject;
}

/** An object store and a Workflow engine over a scripted runner of Pods. */
export class Lab {
  readonly folder = mkdtempSync(join(tmpdir(), 'pocket-engines-'));
  readonly warnings: string[] = [];
  readonly log: ClusterLog = { info: () => undefined, warn: (message, keys) => this.warnings.push(`${message} ${JSON.stringify(keys)}`) };
  readonly ran: Ran[] = [];
  objects = ObjectStore.open(join(this.folder, 'objects'), this.log);
  private engine?: WorkflowController;
  private unwatch?: () => void;

  constructor(private readonly options: Partial<WorkflowControllerOptions> = {}) {}

  /** What each step does; nothing but to succeed unless a test says so. */
  script: (ran: Ran) => Act = () => ({});

  async start(): Promise<this> {
    this.engine = new WorkflowController({
      objects: this.objects,
      log: this.log,
      sources: { checkout: async ({ repo }) => `/checkouts/${repo}` },
      hostPath: (pod, path) => join(this.folder, pod.metadata.name, path),
      ...this.options,
    });
    await this.engine.start();
    this.unwatch = this.objects.watch('Pod', ({ type, object }) => {
      if (type === 'added' && object.status?.phase === undefined) this.run(object);
    });
    return this;
  }

  async stop(): Promise<void> {
    this.unwatch?.();
    await this.engine?.stop();
  }

  /** As a cluster that is killed and started again over what it left on the disk. */
  async restart(): Promise<void> {
    await this.stop();
    this.objects = ObjectStore.open(join(this.folder, 'objects'), this.log);
    await this.start();
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  workflow(name: string): Workflow | undefined {
    return this.objects.get({ kind: 'Workflow', namespace: 'default', name }) as Workflow | undefined;
  }

  /** Phases by display name, without the attempts. */
  phases(name: string): Record<string, string> {
    const nodes = Object.values(this.workflow(name)?.status?.nodes ?? {}).filter(({ nodeFlag, name: node }) => !nodeFlag?.retried && node !== name);
    return Object.fromEntries(nodes.map(({ displayName, phase }) => [displayName, phase]));
  }

  node(workflow: string, displayName: string): NodeStatus | undefined {
    return Object.values(this.workflow(workflow)?.status?.nodes ?? {}).find((node) => node.displayName === displayName);
  }

  async ended(name: string): Promise<Workflow> {
    return until(`Workflow ${name} to end`, () => {
      const workflow = this.workflow(name);
      return workflow?.status?.finishedAt === undefined ? undefined : workflow;
    });
  }

  /** The names of the steps that ran of a Workflow, in order. */
  steps(workflow: string): string[] {
    return this.ran.filter((ran) => ran.workflow === workflow).map(({ node }) => node);
  }

  /** Lets a step that hangs, or any other, end now. */
  finish(pod: KubeObject, { exit = 0, lost, files = {} }: Act): void {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.folder, pod.metadata.name, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    const status = lost ? { phase: 'Failed', reason: 'NodeLost', message: 'the machine is gone' } : {
      phase: exit === 0 ? 'Succeeded' : 'Failed',
      containerStatuses: [{ name: 'main', state: { terminated: { exitCode: exit, reason: exit === 0 ? 'Completed' : 'Error' } } }],
    };
    this.objects.update(refOf(pod), (object) => ({ ...object, status }));
  }

  private run(pod: KubeObject): void {
    const workflow = pod.metadata.labels!['workflows.argoproj.io/workflow']!;
    const ran = { node: pod.metadata.annotations!['workflows.argoproj.io/node-name']!.slice(workflow.length + 1), workflow, pod };
    this.ran.push(ran);
    this.objects.update(refOf(pod), (object) => ({ ...object, status: { phase: 'Running' } }));
    const act = this.script(ran);
    if (!act.hangs) this.finish(pod, act);
  }
}

/** Waits for a condition, long enough for a machine under load. */
export async function until<T>(what: string, look: () => T | undefined | false, milliseconds = 20_000): Promise<T> {
  for (const end = Date.now() + milliseconds; ;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited too long for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A Workflow of one DAG with container templates. */
export function dag(name: string, tasks: object[], templates: object[] = [], spec: object = {}): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name, namespace: 'default' },
    spec: { entrypoint: 'main', templates: [{ name: 'main', dag: { tasks } }, step('run'), ...templates], ...spec },
  };
}

/** A container template. */
export function step(name: string, rest: object = {}): object {
  return { name, container: { image: 'any', command: ['true'] }, ...rest };
}
