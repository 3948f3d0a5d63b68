import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of this machine alone. */
export interface Listening {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface Request {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

export interface Response {
  readonly status: number;
  /** JSON unless it is text. */
  readonly body: unknown;
}

export type Answer = (request: Request) => Promise<Response> | Response;

const MOST_BYTES = 4 * 1024 * 1024;

/** Serves on a free port of the loopback; an answer that fails is a 500. */
export async function listen(answer: Answer): Promise<Listening> {
  const server = createServer((request, response) => {
    void respond(request, response, answer);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, close: async () => closed(server) };
}

async function respond(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  try {
    const { method = 'GET', headers } = request;
    const body = await read(request);
    const { status, body: content } = body === undefined ? { status: 413, body: 'the body is too large' }
      : await answer({ method, headers, body, url: new URL(request.url ?? '/', 'http://127.0.0.1') });
    const text = typeof content === 'string';
    response.writeHead(status, { 'content-type': text ? 'text/plain; charset=utf-8' : 'application/json' }).end(text ? content : JSON.stringify(content));
  } catch (error) {
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(error instanceof Error ? error.message : String(error));
  }
}

async function read(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size <= MOST_BYTES) parts.push(part as Buffer);
  }
  return size > MOST_BYTES ? undefined : Buffer.concat(parts).toString('utf8');
}

async function closed(server: Server): Promise<void> {
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}
