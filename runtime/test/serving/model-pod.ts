import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import type { KubeClient } from '../../src/kube/client.js';
import { ModelService } from '../../src/serving/model-service.js';
import { ProgramContext } from '../../src/shared/program.js';
import { REPOSITORY } from '../fixtures.js';

export const VERSION = '25fcd78b04';
export const WORKER = join(REPOSITORY, 'python/src/myelin_worker');

export interface PodOptions {
  /** Python source of the module `Model`, with a class of that name. */
  readonly code?: string;
  /** Of the server. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of the worker. */
  readonly workerEnv?: Readonly<Record<string, string>>;
  /** Part of the server document; `capture: {}` captures everything. */
  readonly server?: Record<string, unknown>;
  readonly capture?: Record<string, unknown>;
  readonly fetch?: typeof fetch;
  /** A folder that another pod has made: the same store, the same code. */
  readonly folder?: string;
  readonly worker?: boolean;
}

/** A pod of a model as it runs in a cluster: the server, and the Python worker as a process of its own. */
export class ModelPod {
  static async start(options: PodOptions = {}): Promise<ModelPod> {
    const pod = new ModelPod(options);
    try {
      pod.service = await ModelService.start(pod.context);
    } catch (error) {
      rmSync(pod.folder, { recursive: true });
      throw error;
    }
    pod.running = pod.service.run();
    if (options.worker !== false) pod.startWorker();
    return pod;
  }

  readonly folder: string;
  readonly logs: string[] = [];
  service!: ModelService;
  running!: Promise<void>;
  worker: ChildProcess | undefined;
  private readonly run: string;
  private readonly stopping = new AbortController();

  private constructor(private readonly options: PodOptions) {
    this.folder = options.folder ?? mkdtempSync(join(tmpdir(), 'myelin-serving-'));
    mkdirSync(this.folder, { recursive: true });
    this.run = mkdtempSync(join(this.folder, 'run-'));
    for (const name of ['app', 'store']) mkdirSync(join(this.folder, name), { recursive: true });
    mkdirSync(join(this.run, 'server'));
    const capture = options.capture && { path: '/var/lib/myelin/feedback', rate: 1, retentionSeconds: 3600, dropFields: [], ...options.capture };
    const document = {
      contract: 1,
      axon: 'digits',
      namespace: 'default',
      model: 'model',
      version: VERSION,
      node: 'digits',
      backend: 'digits',
      store: '/var/lib/myelin',
      ...(capture && { capture }),
      ...options.server,
    };
    writeFileSync(join(this.run, 'server/server.json'), JSON.stringify(document));
    if (options.code !== undefined) writeFileSync(join(this.folder, 'app/Model.py'), options.code);
  }

  get url(): string {
    return `http://127.0.0.1:${this.service.port}`;
  }

  get socket(): string {
    return join(this.run, 'worker.sock');
  }

  startWorker(env: Readonly<Record<string, string>> = {}): ChildProcess {
    const worker = spawn('python3', [WORKER], {
      cwd: join(this.folder, 'app'),
      env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1', MYELIN_SOCKET: this.socket, MYELIN_PREDICTOR: 'Model', ...this.options.workerEnv, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [worker.stdout, worker.stderr]) stream.on('data', (chunk: Buffer) => this.logs.push(chunk.toString()));
    this.worker = worker;
    return worker;
  }

  async ready(): Promise<this> {
    await until(async () => (await fetch(`${this.url}/health`)).status === 200, () => this.logs.join(''));
    return this;
  }

  async post(path: string, body: unknown, init: RequestInit = {}): Promise<{ status: number; headers: Headers; body: any }> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(this.url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: text, ...init });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }

  predict(rows: unknown): Promise<{ status: number; headers: Headers; body: any }> {
    return this.post('/predict', { data: { ndarray: rows } });
  }

  feedback(body: unknown): Promise<{ status: number; headers: Headers; body: any }> {
    return this.post('/send-feedback', body);
  }

  /** Values of the series by name and by their label that is not one of the server's: `name` or `name{code}`. */
  async metrics(): Promise<Record<string, number>> {
    const text = await (await fetch(`http://127.0.0.1:${this.service.metricsPort}/metrics`)).text();
    return Object.fromEntries(text.split('\n').filter((line) => /^myelin/.test(line) && !/_bucket/.test(line)).map((line) => {
      const [, name, labels, value] = /^(\w+)\{(.*)\} (\S+)$/.exec(line)!;
      const [, own] = /(?:code|reason)="(\w[^"]*)"/.exec(labels) ?? [];
      return [own === undefined ? name : `${name}{${own}}`, Number(value)];
    }));
  }

  /** Every captured line that is whole, in the order of segments. */
  captured(): any[] {
    const root = join(this.folder, 'store/feedback');
    if (!existsSync(root)) return [];
    return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl')).sort()
      .flatMap((name) => readFileSync(join(root, name), 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line)));
  }

  /** Asks both containers to end, as the kubelet does. */
  terminate(): void {
    if (!this.stopping.signal.aborted) this.worker?.kill('SIGTERM');
    this.stopping.abort();
  }

  /** Ends everything; the folder stays when another pod made it. */
  async stop(): Promise<void> {
    this.terminate();
    await this.running;
    if (this.worker !== undefined && this.worker.exitCode === null && this.worker.signalCode === null) {
      const ended = once(this.worker, 'exit');
      const kill = setTimeout(() => this.worker!.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(kill);
    }
    if (this.options.folder === undefined) rmSync(this.folder, { recursive: true, force: true });
  }

  private get context(): ProgramContext {
    const { folder } = this;
    return new ProgramContext({
      args: {},
      env: {
        MYELIN_CONTRACT_PATH: this.run,
        MYELIN_SOCKET: '/myelin/run/worker.sock',
        MYELIN_PORTS: '{"5000":0,"5001":0}',
        MYELIN_DRAIN_SECONDS: '0',
        MYELIN_MOUNTS: JSON.stringify({ '/myelin/run': this.run, '/var/lib/myelin': join(folder, 'store') }),
        ...this.options.env,
      },
      log: pino({ level: 'debug' }, { write: (line: string) => { this.logs.push(line); } }),
      signal: this.stopping.signal,
      kube: (): KubeClient => { throw new Error('a server asks nothing of the API'); },
      fetch: this.options.fetch ?? fetch,
    });
  }
}

/** Waits for a condition, with a generous bound. */
export async function until(condition: () => boolean | Promise<boolean>, why: () => string = () => '', seconds = 30): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${why()}`);
    await delay(20);
  }
}
