import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClusterLog } from '../controller.js';
import type { KubeObject } from '../objects/kube-object.js';
import { ObjectError } from '../objects/object-error.js';
import type { ObjectStore } from '../objects/store.js';
import type { PodController } from '../pods/pod-controller.js';
import { addressOf, NO_PAGE, type Address } from './address.js';
import { discovered } from './discovery.js';
import { forbidden, isAllowed, userName, type Caller } from './rbac.js';
import { selectedName } from './selectors.js';
import { statusOf } from './status.js';
import type { Tokens } from './tokens.js';
import { created, evicted, found, listOf, patched, removed, replaced, selected, type Answered } from './verbs.js';
import { streamWatch } from './watch-stream.js';

/** What the API server of a cluster takes at most, in bytes. */
const LARGEST_BODY = 3 * 1024 * 1024;

export interface ApiOptions {
  readonly objects: ObjectStore;
  readonly tokens: Tokens;
  readonly log: ClusterLog;
  /** Where the logs of pods are read. */
  readonly logs: Pick<PodController, 'readLog'>;
  /** Port on 127.0.0.1; a free one when absent. */
  readonly port?: number;
}

/** The Kubernetes API of the laptop's cluster: the objects in Kubernetes' addresses, for whoever shows a token and as far as RBAC allows. */
export class ApiServer {
  /** Listens on loopback; resolves when it does. */
  static async start(options: ApiOptions): Promise<ApiServer> {
    const api = new ApiServer(options);
    api.server.listen(options.port ?? 0, '127.0.0.1');
    await once(api.server, 'listening');
    return api;
  }

  private readonly server: Server;
  private readonly streams = new Set<() => void>();

  private constructor(private readonly options: ApiOptions) {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends watches and logs that are followed, lets other requests finish, and closes. */
  async stop(): Promise<void> {
    for (const end of this.streams) end();
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeIdleConnections();
    const bound = setTimeout(() => this.server.closeAllConnections(), 2000);
    await closed;
    clearTimeout(bound);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      if (/^\/(healthz|livez|readyz)$/.test(url.pathname)) {
        response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
        return;
      }
      const caller = this.options.tokens.callerOf(request.headers.authorization);
      if (caller === undefined) throw new ObjectError('Unauthorized', 'Unauthorized');
      const discovery = request.method === 'GET' ? discovered(url.pathname) : undefined;
      // As a cluster has it: anybody may ask for its version.
      if (discovery !== undefined && caller.kind === 'anonymous' && url.pathname !== '/version') {
        throw new ObjectError('Forbidden', `forbidden: User "${userName(caller)}" cannot get path "${url.pathname}"`);
      }
      if (discovery !== undefined) send(response, { status: 200, body: discovery });
      else await this.answer(request, response, caller, addressOf(url.pathname), url.searchParams);
    } catch (error) {
      this.refuse(request, response, error);
    }
  }

  private async answer(request: IncomingMessage, response: ServerResponse, caller: Caller, address: Address, query: URLSearchParams): Promise<void> {
    const verb = verbOf(request.method, address, query);
    this.permit(caller, verb, address, query);
    // Its own words for it would be a change that is not made: better none than a wrong one.
    if (query.has('dryRun')) throw new ObjectError('BadRequest', 'dryRun is not supported by the laptop\'s cluster');
    const { objects } = this.options;
    if (address.subresource === 'log' && address.kind.kind === 'Pod' && verb === 'get') return this.streamLog(address, query, response);
    if (address.subresource === 'eviction' && address.kind.kind === 'Pod' && verb === 'create') return send(response, evicted(objects, address));
    if (address.subresource !== undefined && address.subresource !== 'status') throw new ObjectError('NotFound', 'the server could not find the requested resource');
    switch (verb) {
      case 'watch': return this.streamChanges(address, query, response);
      case 'list': return send(response, { status: 200, body: listOf(address, selected(objects, address, query), objects.resourceVersion) });
      case 'get': return send(response, { status: 200, body: found(objects, address) });
      default: return send(response, this.write(verb, address, query, request.headers['content-type'] ?? '', await bodyOf(request)));
    }
  }

  private write(verb: string, address: Address, query: URLSearchParams, contentType: string, body: unknown): Answered {
    const { objects } = this.options;
    switch (verb) {
      case 'create': return { status: 201, body: created(objects, address, body) };
      case 'update': return { status: 200, body: replaced(objects, address, body) };
      case 'patch': return { status: 200, body: patched(objects, address, contentType.split(';')[0]!.trim(), body) };
      case 'delete': return removed(objects, address, body);
      case 'deletecollection': {
        const items = selected(objects, address, query);
        for (const { metadata } of items) objects.remove({ kind: address.kind.kind, namespace: metadata.namespace ?? 'default', name: metadata.name });
        return { status: 200, body: listOf(address, items, objects.resourceVersion) };
      }
      default: throw new ObjectError('MethodNotAllowed', 'the server does not allow this method on the requested resource');
    }
  }

  private permit(caller: Caller, verb: string, { kind, namespace, name, subresource }: Address, query: URLSearchParams): void {
    const request = {
      verb, apiGroup: kind.group, resource: kind.plural, subresource, namespace, name: name ?? selectedName(query.get('fieldSelector')),
    };
    if (!isAllowed(this.options.objects, caller, request)) throw new ObjectError('Forbidden', forbidden(caller, request));
  }

  private streamChanges(address: Address, query: URLSearchParams, response: ServerResponse): void {
    const end = streamWatch(this.options.objects, address, query, response);
    this.streams.add(end);
    response.once('close', () => this.streams.delete(end));
  }

  private async streamLog(address: Address, query: URLSearchParams, response: ServerResponse): Promise<void> {
    const pod: KubeObject = found(this.options.objects, address);
    const containers: string[] = [...pod.spec.containers, ...pod.spec.initContainers ?? []].map(({ name }) => name);
    const container = query.get('container') ?? undefined;
    if (container !== undefined && !containers.includes(container)) {
      throw new ObjectError('BadRequest', `container ${container} is not valid for pod ${address.name}, it has ${containers.join(', ')}`);
    }
    const lines = query.get('tailLines');
    if (lines !== null && !/^\d+$/.test(lines)) throw new ObjectError('BadRequest', `'tailLines' (${lines}) must be a whole number of 0 or more`);
    const ending = new AbortController();
    const end = () => ending.abort();
    this.streams.add(end);
    response.once('close', end);
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
    response.flushHeaders();
    const options = { follow: query.get('follow') === 'true', signal: ending.signal, ...lines === null ? {} : { tailLines: Number(lines) } };
    for await (const piece of this.options.logs.readLog(pod, container, options)) {
      if (!response.write(piece)) await once(response, 'drain', { signal: ending.signal }).catch(() => undefined);
    }
    this.streams.delete(end);
    response.end();
  }

  private refuse({ method, url }: IncomingMessage, response: ServerResponse, error: unknown): void {
    const refused = error instanceof ObjectError ? error : new ObjectError('InternalError', `the laptop's cluster failed: ${String(error)}`, { cause: error });
    if (refused.code >= 500) this.options.log.warn('a request to the API failed', { method, url, error: refused.message });
    if (response.headersSent) response.destroy();
    else if (refused.message === NO_PAGE) response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end(NO_PAGE);
    else send(response, { status: refused.code, body: statusOf(refused) }, refused.reason === 'RequestEntityTooLarge');
  }
}

function verbOf(method: string | undefined, { name }: Address, query: URLSearchParams): string {
  switch (method) {
    case 'GET': return name !== undefined ? 'get' : query.get('watch') === 'true' || query.get('watch') === '1' ? 'watch' : 'list';
    case 'POST': return 'create';
    case 'PUT': if (name !== undefined) return 'update'; break;
    case 'PATCH': if (name !== undefined) return 'patch'; break;
    case 'DELETE': return name === undefined ? 'deletecollection' : 'delete';
    default:
  }
  throw new ObjectError('MethodNotAllowed', 'the server does not allow this method on the requested resource');
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += (part as Buffer).length;
    if (bytes > LARGEST_BODY) throw new ObjectError('RequestEntityTooLarge', `Request entity too large: limit is ${LARGEST_BODY}`);
    parts.push(part as Buffer);
  }
  if (bytes === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch (error) {
    throw new ObjectError('BadRequest', `the body is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

function send(response: ServerResponse, { status, body }: Answered, last = false): void {
  const content = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': content.length, ...last ? { connection: 'close' } : {} }).end(content);
}
