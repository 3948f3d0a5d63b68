import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { AxonDocument, LedgerDocument, ReleaseDocument } from '../../src/contract/documents.js';
import { readDocument } from '../../src/contract/read.js';
import { MemoryKube } from '../../src/kube/memory-client.js';
import { emptyLedger } from '../../src/ledger/empty.js';
import { ProgramContext, type Program } from '../../src/shared/program.js';
import { START } from '../ledger/loop.js';
import { asProgram } from '../rights.js';

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** A request that the world's HTTP server got. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly authorization?: string;
  readonly body: string;
}

/** What a program is started with; defaults are those of a run named `run`. */
export interface Start {
  readonly args?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Name and uid of the Workflow. */
  readonly run?: readonly [name: string, uid: string];
  readonly signal?: AbortSignal;
}

/** A cluster in memory, a folder for each mount, and a real HTTP server that is the webhook and Prometheus. */
export class World {
  /** The axon's webhook and Prometheus are this world's server, where it has them. */
  static async of(axon: AxonDocument): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), 'sensing-'));
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const here = { ...axon, ...(axon.webhook && { webhook: { url } }), ...(axon.prometheus && { prometheus: { url } }) };
    const world = new World(here, folder, server);
    server.on('request', (incoming, outgoing) => {
      void bodyOf(incoming).then((body) => {
        const request = { method: incoming.method!, path: incoming.url!, authorization: incoming.headers.authorization, body };
        world.requests.push(request);
        const { status, body: answer = {} } = world.answer(request) ?? { status: 200 };
        outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      });
    });
    await mkdir(join(folder, 'etc', 'axon'), { recursive: true });
    await writeFile(join(folder, 'etc', 'axon', 'axon.json'), JSON.stringify(here));
    return world;
  }

  readonly kube = new MemoryKube();
  readonly requests: Request[] = [];
  readonly logged: Record<string, unknown>[] = [];
  /** Milliseconds since 1970. */
  now = START;
  /** Answers requests; 200 and an empty object when it does not. */
  answer: (request: Request) => Answer | undefined;

  private constructor(readonly axon: AxonDocument, private readonly folder: string, private readonly server: Server) {
    this.answer = () => undefined;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
    await rm(this.folder, { recursive: true });
  }

  /** Runs a program to its end, in a new pod: its outputs begin empty. */
  async run(program: Program, { args = {}, env = {}, run: [name, uid] = ['run', 'uid-run'], signal }: Start = {}): Promise<void> {
    await rm(join(this.folder, 'out'), { recursive: true, force: true });
    const log = pino({ base: undefined, timestamp: false }, { write: (line: string) => void this.logged.push(JSON.parse(line)) });
    await program(new ProgramContext({
      args,
      env: {
        MYELIN_CONTRACT_PATH: '/etc/myelin',
        MYELIN_RUN: name,
        MYELIN_RUN_UID: uid,
        ...env,
        MYELIN_MOUNTS: JSON.stringify({ '/etc/myelin': join(this.folder, 'etc'), '/myelin/out': join(this.folder, 'out'), '/var/lib/myelin': join(this.folder, 'store') }),
      },
      log,
      signal: signal ?? new AbortController().signal,
      kube: (namespace) => asProgram(program.name, this.axon.axon, this.kube.client(namespace)),
      fetch,
      clock: {
        now: () => this.now,
        sleep: async (milliseconds) => {
          this.now += milliseconds;
          await new Promise(setImmediate);
        },
      },
    }));
  }

  /** Files that the last program wrote, by name. */
  async outputs(): Promise<Record<string, string>> {
    const names = await readdir(join(this.folder, 'out')).catch(() => []);
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(this.folder, 'out', name), 'utf8')])));
  }

  /** Where a path of the store lies. */
  stored(path: string): string {
    return join(this.folder, 'store', path);
  }

  get ledger(): LedgerDocument {
    const { axon } = this;
    const text = this.kube.find('ConfigMap', axon.ledger)?.data['ledger.json'];
    return text === undefined ? emptyLedger(axon) : readDocument('ledger', text, 'ledger');
  }

  set ledger(ledger: LedgerDocument) {
    this.put(this.axon.ledger, 'ledger.json', ledger);
  }

  set releases(releases: ReleaseDocument['releases']) {
    const { axon, namespace } = this.axon;
    this.put(this.axon.releases, 'releases.json', { contract: 1, axon, namespace, releases });
  }

  private put(name: string, key: string, document: unknown): void {
    this.kube.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { [key]: JSON.stringify(document) } } as never);
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of incoming) body += String(chunk);
  return body;
}
