import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { AUTHORITY } from './authority.js';

/** A request as the server got it. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: any;
}

/** What it answers: a status and a body, or `drop` to close the connection, or `hang` to say nothing. */
export type Reply = { readonly status: number; readonly body?: unknown; readonly text?: string } | 'drop' | 'hang';

/** An HTTP server on the loopback that answers each request as the test says. */
export class ApiServer {
  static async start(secure = false): Promise<ApiServer> {
    const holder: { api?: ApiServer } = {};
    const listener: RequestListener = (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
        const text = Buffer.concat(parts).toString();
        const asked = {
          method: request.method!, url: new URL(request.url!, 'http://api'), headers: request.headers, body: text === '' ? undefined : JSON.parse(text),
        };
        holder.api!.asked.push(asked);
        const reply = holder.api!.reply(asked);
        if (reply === 'hang') return;
        if (reply === 'drop') request.socket.destroy();
        else response.writeHead(reply.status, { 'content-type': 'application/json' }).end(reply.text ?? JSON.stringify(reply.body ?? {}));
      });
    };
    const server = secure ? createSecureServer(AUTHORITY, listener) : createServer(listener);
    holder.api = new ApiServer(server, secure ? 'https' : 'http');
    server.on(secure ? 'secureConnection' : 'connection', () => holder.api!.connections++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return holder.api;
  }

  readonly asked: Asked[] = [];
  /** Connections that were opened. */
  connections = 0;

  private constructor(private readonly server: Server, private readonly scheme: string) {}

  reply: (asked: Asked) => Reply = () => ({ status: 200, body: {} });

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.scheme}://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A Status object, as the API server tells errors. */
export function failure(status: number, reason: string, message: string): Reply {
  return { status, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, reason, message } };
}
