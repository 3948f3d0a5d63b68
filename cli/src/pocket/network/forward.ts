import { Agent, ClientRequest, IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse, request as httpRequest } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { teeBody } from './bodies.js';
import { Address } from './services.js';

/** Connections to servers, kept for the next request; those to servers that are gone are closed, so that no request runs into one. */
export class Connections {
  // Below the 5 s for which Node's own server keeps a connection: ours must be the side that closes.
  private readonly agent = new Agent({ keepAlive: true, maxFreeSockets: 32, timeout: 3_000, scheduling: 'lifo' });

  public get use(): Agent {
    return this.agent;
  }

  /** Closes idle connections to all addresses but these. */
  public keepOnly(addresses: readonly Address[]): void {
    const kept = new Set(addresses.map(({ host, port }) => `${host}:${port}`));
    for (const [name, sockets] of Object.entries(this.agent.freeSockets)) {
      if (!kept.has(name.split(':').slice(0, 2).join(':'))) sockets?.forEach((socket) => socket.destroy());
    }
  }

  public close(): void {
    this.agent.destroy();
  }
}

export interface Forwarding {
  readonly connections: Connections;
  /** Servers to try, in this order. The next one is asked if a server refuses the connection: it has seen nothing then. */
  readonly addresses: readonly Address[];
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  /** Milliseconds for the whole answer to begin; unbounded without. */
  readonly timeoutMs?: number;
  /** The body, when it has been read already: then a server that fails may be followed by another. */
  readonly body?: Buffer;
  /** Gets a copy of the body once it has all come through, if it is small enough to keep. */
  readonly onBody?: (body: Buffer) => void;
  /** Whether to ask the next server after this answer. */
  readonly retryOn?: (status: number | 'reset' | 'timeout') => boolean;
  readonly perTryTimeoutMs?: number;
  /** What to change in the headers of the answer. */
  readonly answerHeaders?: (headers: OutgoingHttpHeaders) => OutgoingHttpHeaders;
}

/** How a request went: the status that the client has got, 0 if it has left before. */
export interface Forwarded {
  readonly status: number;
  /** Whether a server has answered it, or we for want of one. */
  readonly answered: boolean;
}

const HOP_BY_HOP = new Set([
  'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade',
]);

/** Headers that go on to the next hop. */
export function forwardedHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && !named.includes(name)));
}

/** Sends a request on and its answer back, both as they come. Resolves when the answer is through, whatever it was; never rejects. */
export async function forward(request: IncomingMessage, response: ServerResponse, forwarding: Forwarding): Promise<Forwarded> {
  const deadline = forwarding.timeoutMs === undefined || forwarding.timeoutMs === 0 ? undefined : Date.now() + forwarding.timeoutMs;
  const { addresses } = forwarding;
  let last: Attempt = { kind: 'refused' };
  await connectionsSettled();
  for (const [index, address] of addresses.entries()) {
    if (response.destroyed) return { status: 0, answered: false };
    last = await attempt(request, response, address, forwarding, deadline, index === addresses.length - 1);
    if (last.kind === 'done') return { status: last.status, answered: true };
    if (last.kind === 'left') return { status: 0, answered: false };
    if (deadline !== undefined && Date.now() >= deadline) break;
    const untouched = last.kind === 'refused' || last.kind === 'rejected';
    if (!untouched && !(forwarding.body !== undefined && forwarding.retryOn?.(last.kind as 'reset' | 'timeout') === true)) break;
  }
  const late = last.kind === 'timeout';
  const status = late ? 504 : 503;
  refuse(request, response, status, late ? 'upstream request timeout'
    : `upstream connect error or disconnect/reset before headers. reset reason: ${last.kind === 'reset' ? 'connection termination' : 'connection failure'}`);
  return { status, answered: false };
}

/**
 * Until this process has seen which kept connections their servers have closed by now: a request on such a one would be lost, and nobody could tell
 * whether the server has seen it. The first turn ends what is being looked at, the second one looks anew.
 */
async function connectionsSettled(): Promise<void> {
  await turn();
  await turn();
}

/** Answers in place of a server, as Envoy does. */
export function refuse(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
  // What the client still sends is taken in, so that it comes to reading the answer.
  request.resume();
  if (response.destroyed || response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, text === '' ? { 'content-length': 0 } : { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

type Attempt = { kind: 'done'; status: number } | { kind: 'refused' | 'reset' | 'timeout' | 'rejected' | 'left' };

async function attempt(
  request: IncomingMessage, response: ServerResponse, address: Address, forwarding: Forwarding, deadline: number | undefined, isLast: boolean,
): Promise<Attempt> {
  const { path, connections, body, perTryTimeoutMs } = forwarding;
  const chunked = request.headers['transfer-encoding'] !== undefined;
  const headers = { ...forwarding.headers, ...(chunked && (body === undefined ? { 'transfer-encoding': 'chunked' } : { 'content-length': body.length })) };
  return new Promise((resolve) => {
    const upstream = httpRequest({ host: address.host, port: address.port, method: request.method, path, headers, agent: connections.use });
    const limit = Math.min(perTryTimeoutMs || Infinity, deadline === undefined ? Infinity : Math.max(1, deadline - Date.now()));
    let begun = false;
    const timer = limit === Infinity ? undefined : setTimeout(() => finish({ kind: 'timeout' }), limit);
    const onLeave = () => finish({ kind: 'left' });
    const finish = (outcome: Attempt) => {
      clearTimeout(timer);
      response.off('close', onLeave);
      if (outcome.kind !== 'done') {
        request.unpipe(upstream);
        upstream.destroy();
      }
      resolve(outcome);
    };
    response.once('close', onLeave);
    upstream.on('error', (e: NodeJS.ErrnoException) => {
      if (!begun) finish({ kind: e.syscall === 'connect' || e.code === 'ECONNREFUSED' ? 'refused' : 'reset' });
    });
    upstream.on('response', (answer) => {
      const status = answer.statusCode ?? 502;
      if (!isLast && body !== undefined && forwarding.retryOn?.(status) === true) {
        finish({ kind: 'rejected' });
        return;
      }
      begun = true;
      clearTimeout(timer);
      response.off('close', onLeave);
      passBack(answer, response, forwarding, () => resolve({ kind: 'done', status }));
    });
    sendBody(request, upstream, forwarding);
  });
}

/** Begins to read the client's body only once a server has taken the connection: until then another one can still get it whole. */
function sendBody(request: IncomingMessage, upstream: ClientRequest, { body, onBody }: Forwarding): void {
  if (body !== undefined) {
    upstream.end(body);
    return;
  }
  upstream.once('socket', (socket) => {
    const begin = () => {
      request.pipe(upstream);
      if (onBody !== undefined) teeBody(request, onBody);
    };
    if (socket.connecting) socket.once('connect', begin);
    else begin();
  });
}

function passBack(answer: IncomingMessage, response: ServerResponse, { answerHeaders }: Forwarding, done: () => void): void {
  const headers = forwardedHeaders(answer.headers);
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answerHeaders?.(headers) ?? headers);
  answer.pipe(response);
  answer.once('error', () => response.destroy());
  answer.once('close', () => {
    // A server that dies in the middle must not look like one that has said all.
    if (!answer.complete) response.destroy();
  });
  response.once('close', () => {
    if (!response.writableFinished) answer.destroy();
    done();
  });
}
