import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compactJson } from './json-text.js';

/** An address that waits for events, as an EventSource declares it. */
export interface Endpoint {
  readonly name: string;
  readonly path: string;
  readonly method: string;
  /** Bytes. */
  readonly largest: number;
  readonly metadata?: Readonly<Record<string, string>>;
  /** The bearer token that is asked for; throws when it cannot be had. No token is asked for when absent. */
  readonly token?: () => string;
}

/** Hands on the data of an event; throws when the bus does not take it. */
export type Publish = (endpoint: Endpoint, data: string) => void;

/**
 * One port of an EventSource. It answers as the real one does, oddities included: another method, a body that is no JSON or too large are all 400, and
 * an answer of 200 says that the bus has the event, not that anybody listens.
 */
export class WebhookServer {
  private readonly server: Server;

  constructor(private readonly endpoints: readonly Endpoint[], private readonly publish: Publish) {
    this.server = createServer((request, response) => void this.handle(request, response));
  }

  async listen(): Promise<{ host: string; port: number }> {
    await new Promise<void>((resolve, reject) => this.server.once('error', reject).listen(0, '127.0.0.1', resolve));
    return { host: '127.0.0.1', port: (this.server.address() as AddressInfo).port };
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const endpoint = this.endpoints.find(({ path }) => path === url.pathname);
    if (endpoint === undefined) return url.pathname === '/health' ? answer(response, 200, 'OK') : answer(response, 404, '404 page not found\n');
    const refused = authorize(endpoint, request.headers.authorization);
    if (refused !== undefined) return answer(response, refused.status, refused.text);
    if (request.method !== endpoint.method) return answer(response, 400, 'http method does not match');
    try {
      const body = request.method === 'GET' ? JSON.stringify(multi(url.searchParams)) : await bodyOf(request, endpoint.largest);
      const data = `{"header":${compactJson(JSON.stringify(headersOf(request)))},"body":${compactJson(body)},"metadata":${JSON.stringify(endpoint.metadata ?? null)}}`;
      try {
        this.publish(endpoint, data);
        return answer(response, 200, 'success');
      } catch {
        return answer(response, 500, 'failed to record event');
      }
    } catch (error) {
      return answer(response, 400, (error as Error).message);
    }
  }
}

function authorize({ token }: Endpoint, header: string | undefined): { status: number; text: string } | undefined {
  if (token === undefined) return undefined;
  let wanted: string;
  try {
    wanted = token();
  } catch {
    return { status: 500, text: 'Error loading auth token' };
  }
  if (!header?.startsWith('Bearer ')) return { status: 401, text: 'Invalid Authorization Header' };
  return header.slice('Bearer '.length) === wanted ? undefined : { status: 401, text: 'Invalid Auth token' };
}

/** Argo Events says it twice. */
const TOO_LARGE = 'failed to parse request body, http: request body too large'.repeat(2);

/** How many times too large a body may be to be read to its end all the same. */
const PATIENCE = 16;

/** The body as JSON text. Fails if it is larger than it may be. */
async function bodyOf(request: IncomingMessage, largest: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= largest) chunks.push(chunk);
    // A sender that is cut off never reads why; one that goes on and on is.
    else if (size > largest * PATIENCE) break;
  }
  if (size > largest) throw new Error(TOO_LARGE);
  const text = Buffer.concat(chunks).toString();
  return request.headers['content-type'] === 'application/x-www-form-urlencoded' ? JSON.stringify(multi(new URLSearchParams(text))) : text;
}

/** Go's form of headers: `{"Content-Type": ["application/json"]}`, without the host, the token hidden. */
function headersOf(request: IncomingMessage): Record<string, string[]> {
  const headers: Record<string, string[]> = {};
  for (const [name, values] of Object.entries(request.headersDistinct).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const written = name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
    if (name !== 'host' && values !== undefined) headers[written] = name === 'authorization' ? ['*** Masked Auth Secret ***'] : values;
  }
  return headers;
}

function multi(parameters: URLSearchParams): Record<string, string[]> {
  return Object.fromEntries([...new Set(parameters.keys())].map((key) => [key, parameters.getAll(key)]));
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}
