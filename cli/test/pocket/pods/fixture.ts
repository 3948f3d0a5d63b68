import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { ClusterLog } from '../../../src/pocket/controller.js';
import type { Images, ResolvedImage } from '../../../src/pocket/images/images.js';
import type { KubeObject } from '../../../src/pocket/objects/kube-object.js';
import { ObjectStore } from '../../../src/pocket/objects/store.js';
import { ClaimController } from '../../../src/pocket/pods/claims.js';
import { PodController, type PodOptions } from '../../../src/pocket/pods/pod-controller.js';
import type { Pod } from '../../../src/pocket/pods/pod.js';
import { identityOf } from '../../../src/pocket/pods/process-identity.js';

// A bound for machines that have much else to do.
jest.setTimeout(40_000);

/** Remembers what was logged. */
export class Notes implements ClusterLog {
  readonly lines: string[] = [];

  info(message: string, keys?: Readonly<Record<string, unknown>>): void {
    this.lines.push(`info ${message} ${JSON.stringify(keys ?? {})}`);
  }

  warn(message: string, keys?: Readonly<Record<string, unknown>>): void {
    this.lines.push(`warn ${message} ${JSON.stringify(keys ?? {})}`);
  }
}

/** A cluster of objects and pods over a temporary folder; `node` is the only image, `app` one with files. */
export class PodCluster {
  readonly notes = new Notes();
  readonly root: string;
  readonly stateDir: string;
  readonly imageRoot: string;
  readonly images: Record<string, Partial<ResolvedImage>> = { node: {}, runtime: { runtime: true, entrypoint: [process.execPath, '-e'] } };
  objects!: ObjectStore;
  pods!: PodController;
  claims?: ClaimController;

  constructor(name = 'pods') {
    this.root = mkdtempSync(join(tmpdir(), `pocket-core-${name}-`));
    this.stateDir = join(this.root, '.myelin');
    this.imageRoot = join(this.root, 'image');
    mkdirSync(this.imageRoot);
  }

  async start(options: Partial<PodOptions> = {}): Promise<this> {
    this.objects = ObjectStore.open(join(this.stateDir, 'objects'), this.notes);
    this.claims = new ClaimController(this.objects, this.stateDir, this.notes);
    this.pods = new PodController(this.objects, {
      stateDir: this.stateDir,
      images: this.resolver(),
      kubeApi: () => ({ url: 'http://127.0.0.1:1', token: (namespace, account) => `token-of-${namespace}-${account}` }),
      serviceProxy: () => 'http://127.0.0.1:2',
      log: this.notes,
      graceCapSeconds: 5,
      // Of this test's own environment only what finds programs.
      env: { PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
      ...options,
    });
    await this.claims.start();
    await this.pods.start();
    return this;
  }

  async stop(): Promise<void> {
    await this.pods?.stop();
    await this.claims?.stop();
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.root, { recursive: true, force: true });
  }

  run(name: string, spec: Record<string, unknown>, metadata: Record<string, unknown> = {}): KubeObject {
    return this.objects.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec: { restartPolicy: 'Never', ...spec } });
  }

  /** Runs a shell script as the only container, `main`. */
  script(name: string, script: string, spec: Record<string, unknown> = {}, container: Record<string, unknown> = {}): KubeObject {
    return this.run(name, { containers: [{ name: 'main', image: 'node', command: ['sh', '-c', script], ...container }], ...spec });
  }

  pod(name: string): Pod | undefined {
    return this.objects.get({ kind: 'Pod', namespace: 'default', name }) as Pod | undefined;
  }

  async phase(name: string, ...phases: string[]): Promise<Pod> {
    return until(`${name} to be ${phases}`, () => {
      const pod = this.pod(name);
      return phases.includes(pod?.status?.phase ?? '') ? pod : undefined;
    }, () => JSON.stringify(this.pod(name)?.status));
  }

  async log(name: string, container?: string): Promise<string> {
    const pieces: Buffer[] = [];
    for await (const piece of this.pods.readLog(this.pod(name)!, container)) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  }

  private resolver(): Images {
    return {
      resolve: async (image) => {
        const found = this.images[image];
        if (found === undefined) throw new Error(`'image' (${image}) was not built here, build it`);
        return { root: this.imageRoot, workdir: '/', env: {}, entrypoint: [], cmd: [], path: [], ...found };
      },
    };
  }
}

/** Waits for what the function finds; a bound that only a hang exceeds. */
export async function until<T>(what: string, find: () => T | undefined | false | Promise<T | undefined | false>, state?: () => string): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}${state === undefined ? '' : `: ${state()}`}`);
    await delay(10);
  }
}

/** Whether a process has not ended; a zombie has. */
export function isRunning(pid: number): boolean {
  return identityOf(pid) !== undefined;
}
