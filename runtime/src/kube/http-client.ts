import { setTimeout as delay } from 'node:timers/promises';
import { MyelinError } from '../shared/errors.js';
import type { KubeClient, KubeKind, KubeObject } from './client.js';
import { Connection, type Answer } from './connection.js';

/** Objects in one page of a list. */
const PAGE = 500;

/** Waits before a read is tried again, in milliseconds. */
const READ_RETRIES = [100, 400, 1600];

/** Answers of a server that is overloaded or changes its leader. */
const PASSING = new Set([429, 500, 502, 503, 504]);

interface ListBody {
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly KubeObject[];
}

/**
 * The Kubernetes API over HTTP: of the cluster that this pod runs in, or the laptop's. Not the official client, whose import alone takes a third
 * of a second and half of the memory that a step is given.
 *
 * Reads are tried again when the connection fails or the server is overloaded; writes never, since they may have happened.
 *
 * Fails if the environment names no API server.
 */
export function httpKubeClient(env: NodeJS.ProcessEnv, namespace: string): KubeClient {
  return new HttpKubeClient(Connection.of(env), namespace);
}

export class HttpKubeClient implements KubeClient {
  constructor(
    private readonly connection: Connection,
    private readonly namespace: string,
    private readonly waits: readonly number[] = READ_RETRIES,
  ) {}

  async get<T extends KubeObject>(kind: KubeKind, name: string): Promise<T | undefined> {
    const call = this.call('get', kind, name);
    const answer = await this.read(call, this.path(kind, name));
    return answer.status === 404 ? undefined : parsed<T>(call, answer);
  }

  async list<T extends KubeObject>(kind: KubeKind, labels: Readonly<Record<string, string>> = {}): Promise<T[]> {
    const call = this.call('list', kind);
    const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(',');
    const found: KubeObject[] = [];
    for (let limit: number | undefined = PAGE, next: string | undefined = ''; next !== undefined;) {
      const query = new URLSearchParams({
        ...(selector !== '' && { labelSelector: selector }),
        ...(limit !== undefined && { limit: String(limit) }),
        ...(next !== '' && { continue: next }),
      });
      const answer = await this.read(call, `${this.path(kind)}?${query}`);
      if (answer.status === 410 && limit !== undefined) {
        // The place in the list has expired: all of it at once cannot.
        found.length = 0;
        limit = undefined;
        next = '';
        continue;
      }
      const page: ListBody = parsed(call, answer);
      // The items of a list do not say what they are.
      found.push(...(page.items ?? []).map((item) => ({ ...item, apiVersion: kind.apiVersion, kind: kind.kind })));
      next = page.metadata?.continue || undefined;
    }
    return found as T[];
  }

  async create<T extends KubeObject>(kind: KubeKind, object: T): Promise<T> {
    const call = this.call('create', kind, object.metadata.name);
    const answer = await this.send(call, 'POST', this.path(kind), object);
    if (answer.status === 409 && reasonOf(answer) === 'AlreadyExists') throw new MyelinError('MYELIN_KUBE_EXISTS', { object: call.object });
    return parsed<T>(call, answer);
  }

  async replace<T extends KubeObject>(kind: KubeKind, object: T): Promise<T> {
    const call = this.call('replace', kind, object.metadata.name);
    if (object.metadata.resourceVersion === undefined) throw new MyelinError('MYELIN_KUBE_VERSION_MISSING', { object: call.object });
    const answer = await this.send(call, 'PUT', this.path(kind, object.metadata.name), object);
    if (answer.status === 409 || answer.status === 404) throw new MyelinError('MYELIN_KUBE_CONFLICT', { object: call.object });
    return parsed<T>(call, answer);
  }

  async remove(kind: KubeKind, name: string): Promise<void> {
    const call = this.call('remove', kind, name);
    const answer = await this.send(call, 'DELETE', `${this.path(kind, name)}?propagationPolicy=Background`);
    if (answer.status !== 404) parsed(call, answer);
  }

  private call(verb: string, { kind }: KubeKind, name?: string): Call {
    return { verb, object: `${kind} ${this.namespace}${name === undefined ? '' : `/${name}`}` };
  }

  private path({ apiVersion, plural }: KubeKind, name?: string): string {
    const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    return `${group}/namespaces/${encodeURIComponent(this.namespace)}/${plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
  }

  private async read(call: Call, path: string): Promise<Answer> {
    for (const wait of this.waits) {
      try {
        const answer = await this.send(call, 'GET', path);
        if (!PASSING.has(answer.status)) return answer;
      } catch {
        // The last try tells why.
      }
      await delay(wait * (0.5 + Math.random()));
    }
    return this.send(call, 'GET', path);
  }

  private async send(call: Call, method: string, path: string, body?: unknown): Promise<Answer> {
    try {
      return await this.connection.send(method, path, body);
    } catch (cause) {
      const { message, code } = cause as NodeJS.ErrnoException;
      throw new MyelinError('MYELIN_KUBE_UNREACHABLE', { ...call, server: this.connection.address, reason: message || String(code) }, { cause });
    }
  }
}

/** What a call does to what, for messages. */
interface Call {
  readonly verb: string;
  readonly object: string;
}

/** The body of a good answer; throws the error that another one is. */
function parsed<T>(call: Call, answer: Answer): T {
  const { status } = answer;
  if (status < 200 || status > 299) {
    const message = statusOf(answer).message ?? (answer.text.slice(0, 200) || 'no reason given');
    if (status === 403) throw new MyelinError('MYELIN_KUBE_FORBIDDEN', { ...call, message });
    if (status === 400 || status === 422) throw new MyelinError('MYELIN_KUBE_INVALID', { ...call, status, message });
    throw new MyelinError('MYELIN_KUBE_REFUSED', { ...call, status, message });
  }
  try {
    return JSON.parse(answer.text) as T;
  } catch (cause) {
    throw new MyelinError('MYELIN_KUBE_REFUSED', { ...call, status, message: `no JSON: ${answer.text.slice(0, 200)}` }, { cause });
  }
}

function reasonOf(answer: Answer): string | undefined {
  return statusOf(answer).reason;
}

/** The Status object that an error's body should be. */
function statusOf(answer: Answer): { readonly message?: string; readonly reason?: string } {
  try {
    return JSON.parse(answer.text) ?? {};
  } catch {
    return {};
  }
}
