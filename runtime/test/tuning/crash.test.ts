import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transform } from '@swc/core';
import { KINDS } from '../../src/kube/client.js';
import { hasCode } from '../../src/shared/errors.js';
import { uniform } from '../../src/tuning/algorithms/random-generator.js';
import { REPOSITORY } from '../fixtures.js';
import { Laboratory, RUN, STORE, STUDY } from './laboratory.js';

// The real program in a process of its own, against an API over HTTP, killed by the kernel: at a file operation, at a request, or at any time.

let program: string;

beforeAll(async () => {
  program = await mkdtemp(join(tmpdir(), 'program-'));
  const sources = join(REPOSITORY, 'runtime', 'src');
  for (const file of (await readdir(sources, { recursive: true })).filter((name) => name.endsWith('.ts'))) {
    const { code } = await transform(await readFile(join(sources, file), 'utf8'), { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } });
    await mkdir(dirname(join(program, file)), { recursive: true });
    await writeFile(join(program, file.replace(/\.ts$/, '.js')), code);
  }
  await symlink(join(REPOSITORY, 'node_modules'), join(program, 'node_modules'));
  await writeFile(join(program, 'package.json'), '{"type": "module"}');
  await writeFile(join(program, 'run.js'), `
    import { main } from './main.js';
    process.exitCode = await main(['tune', '--task=train'], process.env);
  `);
  // Kills its own process at a file operation, before or after it.
  await writeFile(join(program, 'killer.js'), `
    import files from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    let left = Number(process.env.KILL_AT_FILE_OPERATION ?? Infinity);
    const kill = () => process.kill(process.pid, 'SIGKILL');
    for (const name of ['copyFile', 'link', 'mkdir', 'open', 'readFile', 'readdir', 'rename', 'rm']) {
      const original = files[name];
      files[name] = async (...args) => {
        const last = --left === 0;
        if (last && process.env.KILL_WHEN === 'before') kill();
        return original(...args).finally(() => { if (last) kill(); });
      };
    }
    syncBuiltinESMExports();
  `);
}, 60_000);

afterAll(() => rm(program, { recursive: true, force: true }));

/** When a process is killed; never when empty. */
interface Death {
  readonly fileOperation?: number;
  readonly request?: number;
  readonly milliseconds?: number;
  readonly when?: 'before' | 'after';
}

/** A cluster in which `tune` runs as a process: the laboratory's, over HTTP, with pods that end all the time. */
class Cluster {
  static async open(seed: number): Promise<Cluster> {
    const server = createServer();
    const cluster = new Cluster(await Laboratory.open(), server);
    server.on('request', (request, response) => void cluster.answer(request, response));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    let turn = 0;
    cluster.laboratory.next = (running) => Math.floor(uniform(seed, turn++) * running);
    cluster.pods = setInterval(() => void cluster.laboratory.endOne(), 60);
    return cluster;
  }

  /** Names of the Jobs that were made, once for each time. */
  readonly made: string[] = [];
  private child?: ChildProcess;
  private requestsLeft = Infinity;
  private when: Death['when'];
  private pods?: NodeJS.Timeout;

  private constructor(readonly laboratory: Laboratory, private readonly server: Server) {}

  async close(): Promise<void> {
    clearInterval(this.pods);
    this.child?.kill('SIGKILL');
    this.server.closeAllConnections();
    this.server.close();
    await this.laboratory.close();
  }

  /** Runs the program until it ends or dies; its exit code, or null when it was killed. */
  async live(death: Death): Promise<number | null> {
    this.requestsLeft = death.request ?? Infinity;
    this.when = death.when;
    const { folder } = this.laboratory;
    const child = spawn(process.execPath, ['--import', join(program, 'killer.js'), join(program, 'run.js')], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: process.env.PATH,
        MYELIN_RUN: RUN,
        MYELIN_RUN_UID: 'uid-1',
        MYELIN_CONTRACT_PATH: '/etc/myelin',
        MYELIN_MOUNTS: JSON.stringify({ '/etc/myelin': `${folder}/contract`, [STORE]: `${folder}/store`, '/myelin/out': `${folder}/out` }),
        MYELIN_KUBE_API: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
        MYELIN_KUBE_TOKEN: 'token',
        ...(death.fileOperation !== undefined && { KILL_AT_FILE_OPERATION: `${death.fileOperation}`, KILL_WHEN: death.when }),
      },
    });
    this.child = child;
    const timer = death.milliseconds === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), death.milliseconds);
    const [code] = await once(child, 'exit') as [number | null];
    clearTimeout(timer);
    return code;
  }

  /** The API forgets Jobs a day after they ended; those that are recorded must not be missed. */
  async forgetRecordedJobs(): Promise<void> {
    for (const { metadata: { name, labels } } of this.laboratory.kube.all('Job')) {
      const record = `trials/${labels!['myelin.io/config']}/.myelin/${labels!['myelin.io/rung']}/result.json`;
      if (this.laboratory.has(this.laboratory.at(record))) await this.laboratory.kube.client('default').remove(KINDS.Job, name);
    }
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const last = --this.requestsLeft === 0;
    if (last && this.when === 'before') return void this.child!.kill('SIGKILL');
    const { status, body } = await this.effect(request.method!, new URL(request.url!, 'http://x'), Buffer.concat(parts).toString());
    if (last) return void this.child!.kill('SIGKILL');
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  private async effect(method: string, { pathname, searchParams }: URL, text: string): Promise<{ status: number; body: unknown }> {
    const [, plural, name] = /\/namespaces\/default\/(\w+)(?:\/(.+))?$/.exec(pathname)!;
    const kind = plural === 'jobs' ? KINDS.Job : KINDS.Pod;
    const client = this.laboratory.kube.client('default');
    if (method === 'GET' && name === undefined) {
      const labels = Object.fromEntries((searchParams.get('labelSelector') ?? '').split(',').filter(Boolean).map((pair) => pair.split('=')));
      return { status: 200, body: { kind: `${kind.kind}List`, metadata: {}, items: await client.list(kind, labels) } };
    }
    if (method === 'GET') {
      const found = await client.get(kind, name!);
      return found === undefined ? { status: 404, body: { kind: 'Status', reason: 'NotFound' } } : { status: 200, body: found };
    }
    try {
      const body = await client.create(kind, JSON.parse(text));
      this.made.push(body.metadata.name);
      return { status: 201, body };
    } catch (error) {
      if (!hasCode(error, 'MYELIN_KUBE_EXISTS')) throw error;
      return { status: 409, body: { kind: 'Status', reason: 'AlreadyExists' } };
    }
  }
}

/** Everything that a run leaves in its folder, but for the loop's own files that were being written. */
async function left({ laboratory }: Cluster): Promise<Record<string, string>> {
  const folder = laboratory.host(laboratory.at(''));
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const files = entries.filter(({ name }) => !/^\..*\.tmp$/.test(name)).map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(await Promise.all(files.map(async (path) => [path.slice(folder.length), await readFile(path, 'utf8')])));
}

let undisturbed: Record<string, string>;

beforeAll(async () => {
  const cluster = await Cluster.open(0);
  try {
    expect(await cluster.live({})).toBe(0);
    undisturbed = await left(cluster);
  } finally {
    await cluster.close();
  }
}, 60_000);

/** A death by chance: at a place in the work, or by the clock. Later lives have more to read before they come to work. */
function deathOf(seed: number, life: number): Death {
  const chance = (place: number, bound: number) => 1 + Math.floor(uniform(seed, life, place) * bound);
  const when = chance(0, 2) === 1 ? 'before' as const : 'after' as const;
  const deaths: Death[] = [
    { when, fileOperation: 4 + chance(1, 12 + 4 * life) }, { when, request: chance(2, 5) }, { milliseconds: 250 + chance(3, 400) },
  ];
  // The first ones by the place, which no machine is too slow or too fast for.
  return deaths[chance(4, life < 4 ? 2 : 3) - 1]!;
}

test.each([1, 2])('killed again and again (%d), it ends with the very files of an undisturbed run, no trial lost, none made twice', async (seed) => {
  const cluster = await Cluster.open(seed);
  try {
    let killed = 0;
    for (let life = 0, over = 0; life < 40 && over < 3; life++) {
      const code = await cluster.live(deathOf(seed, life));
      expect([null, 0]).toContain(code);
      if (code === null) killed++;
      // Once it has ended, it may be killed a few times more: what it left must bear that, too.
      if (code === 0 || over > 0) over++;
      if (life % 2 === 0) await cluster.forgetRecordedJobs();
    }
    expect(await cluster.live({})).toBe(0);
    expect(killed).toBeGreaterThan(2);
    expect(await left(cluster)).toEqual(undisturbed);
    expect(cluster.made).toHaveLength(13);
    expect(new Set(cluster.made).size).toBe(13);
    expect(cluster.laboratory.mostRunning).toBeLessThanOrEqual(STUDY.concurrency);
    expect(await cluster.laboratory.json('/myelin/out/metrics.json')).toEqual(JSON.parse(undisturbed['study/summary.json']!).winner.metrics);
  } finally {
    await cluster.close();
  }
}, 120_000);
