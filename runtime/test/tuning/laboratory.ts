import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AxonDocument, LedgerDocument, StudyDocument } from '../../src/contract/documents.js';
import type { KubeObject } from '../../src/kube/client.js';
import { MemoryKube, type StoredObject } from '../../src/kube/memory-client.js';
import { openLog } from '../../src/shared/log.js';
import { ProgramContext } from '../../src/shared/program.js';
import { tune } from '../../src/tuning/tune.js';
import { contractJson } from '../fixtures.js';
import { asProgram } from '../rights.js';

export const RUN = 'digits-start-5d41402abc';
export const STORE = '/var/lib/myelin';

/** A study of 13 trials: 4, 2, 1, then 2, 1, then 3. */
export const STUDY: StudyDocument = {
  ...contractJson('fixtures', 'study', 'hyperband.json'),
  budgets: { min: 1, max: 4, eta: 2, round: true },
  brackets: 3,
  concurrency: 3,
  seed: 11,
};

/** An axon in which nobody waits for the task, unless a test says otherwise. */
export const AXON: AxonDocument = silent(contractJson('fixtures', 'axon', 'digits.json'));

function silent(axon: AxonDocument): AxonDocument {
  return { ...axon, tasks: axon.tasks.map((task) => ({ ...task, emits: [] })) };
}

/** What the program of a trial does: it is given its arguments, variables and folders, and says how its pod ended. */
export type TrialProgram = (trial: TrialProcess) => Promise<Ending | void> | Ending | void;

export interface TrialProcess {
  readonly job: StoredObject;
  readonly args: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Writes a file whose path is of the container. */
  write(path: string, content: string): Promise<void>;
}

/** Conditions of a Job that did not complete, and what is left of its pod. */
export interface Ending {
  readonly reason: string;
  readonly message?: string;
  readonly pod?: unknown;
}

/** Publishes a score that depends on the arguments alone, and leaves a model. */
export const honest: TrialProgram = async ({ args, env, write }) => {
  await write(`${env.MODEL_PATH}/model.txt`, `${args.config_id} trained for ${args.budget}`);
  await write(env.MYELIN_METRICS_PATH!, JSON.stringify({ validation_accuracy: scoreOf(args), test_accuracy: scoreOf(args) / 2 }));
};

/** From 0 to 1. */
export function scoreOf(args: Readonly<Record<string, string>>): number {
  return 1 - Math.abs(Math.log10(Number(args['learning-rate'])) + 2.5) / 10 - 1 / (10 * Number(args.budget));
}

type Choice = (running: number) => number;
type Sleeper = (milliseconds: number) => void | Promise<void>;

/** A run of `tune` with its surroundings: an API in memory, folders, a clock that does not wait, and pods that run while it sleeps. */
export class Laboratory {
  static async open(study: StudyDocument = STUDY): Promise<Laboratory> {
    const laboratory = new Laboratory(await mkdtemp(join(tmpdir(), 'tuning-')));
    await laboratory.apply(study);
    await laboratory.declare(AXON);
    return laboratory;
  }

  readonly kube = new MemoryKube();
  readonly lines: Record<string, unknown>[] = [];
  program: TrialProgram = honest;
  /** The largest number of trials seen running. */
  mostRunning = 0;
  /** Whether the pods have no turn. */
  paused = false;
  /** Milliseconds on the clock. */
  time = 0;
  private turn: Promise<void> = Promise.resolve();

  private constructor(readonly folder: string) {}

  /** Which of the running trials ends next. */
  next: Choice = () => 0;
  /** Called at each sleep, after the pods had their turn. */
  onSleep: Sleeper = () => undefined;

  async close(): Promise<void> {
    // A pod that is at work would write its files anew.
    await this.turn;
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Mounts a study document. */
  async apply(study: StudyDocument): Promise<void> {
    await mkdir(join(this.folder, 'contract', `study-${study.task}`), { recursive: true });
    await writeFile(join(this.folder, 'contract', `study-${study.task}`, 'study.json'), JSON.stringify(study));
  }

  /** Mounts the document of the axon. */
  async declare(axon: AxonDocument): Promise<void> {
    await mkdir(join(this.folder, 'contract', 'axon'), { recursive: true });
    await writeFile(join(this.folder, 'contract', 'axon', 'axon.json'), JSON.stringify(axon));
  }

  /** Undefined before anybody has written it. */
  ledger(): LedgerDocument | undefined {
    const text = this.kube.find('ConfigMap', AXON.ledger)?.data['ledger.json'];
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** Runs the program to its end. */
  async tune(options: { args?: Record<string, string>; env?: Record<string, string>; signal?: AbortSignal } = {}): Promise<void> {
    const log = openLog('tune', 'silent');
    for (const level of ['info', 'warn'] as const) {
      log[level] = ((keys: Record<string, unknown>, message: string) => void this.lines.push({ level, message, ...keys })) as typeof log.info;
    }
    await tune(new ProgramContext({
      args: { task: 'train', ...options.args },
      env: {
        MYELIN_CONTRACT_PATH: '/etc/myelin',
        MYELIN_RUN: RUN,
        MYELIN_RUN_UID: 'uid-1',
        MYELIN_MOUNTS: JSON.stringify({ '/etc/myelin': `${this.folder}/contract`, [STORE]: `${this.folder}/store`, '/myelin/out': `${this.folder}/out` }),
        ...options.env,
      },
      log,
      signal: options.signal ?? new AbortController().signal,
      fetch,
      kube: (namespace) => asProgram('tune', 'digits', this.kube.client(namespace)),
      clock: { now: () => this.time, sleep: (milliseconds) => this.sleep(milliseconds) },
    }));
  }

  /** Jobs that have not ended. */
  running(): StoredObject[] {
    return this.kube.all('Job').filter((job) => job.status?.conditions === undefined);
  }

  /** Ends one of the running trials, one after another; does nothing when none runs. */
  endOne(): Promise<void> {
    this.turn = this.turn.then(() => this.endNext());
    return this.turn;
  }

  private async endNext(): Promise<void> {
    const running = this.running();
    this.mostRunning = Math.max(this.mostRunning, running.length);
    if (running.length > 0) await this.end(running[this.next(running.length)]!);
  }

  async end(job: StoredObject): Promise<void> {
    const [container] = job.spec.template.spec.containers;
    const args = Object.fromEntries((container.args as string[]).map((arg) => /^--([^=]+)=([^]*)$/.exec(arg)!.slice(1)));
    const env = Object.fromEntries((container.env as { name: string; value: string }[]).map(({ name, value }) => [name, value]));
    const ending = await this.program({ job, args, env, write: (path, content) => this.write(path, content) }) ?? undefined;
    const { name } = job.metadata;
    if (ending?.pod !== undefined) {
      const metadata = { name: `${name}-x1y2z`, namespace: 'default', labels: { 'job-name': name } };
      this.kube.put({ apiVersion: 'v1', kind: 'Pod', metadata, status: ending.pod } as KubeObject);
    }
    const condition = ending === undefined ? { type: 'Complete', status: 'True' } : { type: 'Failed', status: 'True', ...ending, pod: undefined };
    this.kube.edit('Job', name, (stored) => { stored.status = { conditions: [condition] }; });
  }

  /** Path on this machine of a path of the container. */
  host(path: string): string {
    return path.replace(STORE, `${this.folder}/store`).replace('/myelin/out', `${this.folder}/out`);
  }

  async write(path: string, content: string): Promise<void> {
    await mkdir(dirname(this.host(path)), { recursive: true });
    await writeFile(this.host(path), content);
  }

  text(path: string): Promise<string> {
    return readFile(this.host(path), 'utf8');
  }

  async json(path: string): Promise<any> {
    return JSON.parse(await this.text(path));
  }

  has(path: string): boolean {
    return existsSync(this.host(path));
  }

  /** Path of a file in the folder of this run. */
  at(path: string): string {
    return `${STORE}/digits/train/${RUN}/${path}`;
  }

  private async sleep(milliseconds: number): Promise<void> {
    this.time += milliseconds;
    if (!this.paused) await this.endOne();
    await this.onSleep(milliseconds);
  }
}
