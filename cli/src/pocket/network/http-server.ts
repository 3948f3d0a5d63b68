import { IncomingMessage, Server, ServerResponse, createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { misused } from '../../outcome.js';

const DRAIN_MS = 5_000;
const IDLE_MS = 20;

/** Answers a request; what it throws ends the connection. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Where a server listens. */
interface Listening {
  /** 0 takes a free one. */
  readonly port?: number;
  /** Taken where `port` is absent, if it is free. */
  readonly preferred?: number;
  /** What sets the port, for the message when another program has it. */
  readonly option?: string;
}

/** An HTTP server on this machine alone. */
export class LocalServer {
  private server: Server | undefined;

  constructor(private readonly answer: Answer, private readonly options: Listening = {}) {}

  /** `http://127.0.0.1:port`, once it has started. */
  public get url(): string {
    const address = this.server?.address() as AddressInfo | null | undefined;
    if (!address) throw new Error('the server has not started');
    return `http://127.0.0.1:${address.port}`;
  }

  public async start(): Promise<void> {
    // A body or an answer may take as long as it takes; who asks has the limits.
    const server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 }, (request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
    const { port, preferred, option = 'port' } = this.options;
    try {
      await listen(server, port ?? preferred ?? 0);
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw e;
      if (port !== undefined || preferred === undefined) {
        throw misused(option, String(port), 'is taken by another program', 'choose another, or leave it out for a free one');
      }
      await listen(server, 0);
    }
    server.on('clientError', (_, socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    });
    this.server = server;
  }

  /** Lets requests that are under way end, for 5 s at most. */
  public async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    // A connection whose request has ended stays open for the next one, which must not come.
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_MS);
    await new Promise<void>((done) => {
      server.close(() => done());
      server.closeIdleConnections();
    });
    clearTimeout(timer);
    clearInterval(idle);
  }
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((done, failed) => {
    server.once('error', failed).listen(port, '127.0.0.1', () => {
      server.off('error', failed);
      done();
    });
  });
}
