import { IncomingMessage, ServerResponse } from 'node:http';
import { Controller } from '../controller.js';
import { Connections, forward, forwardedHeaders, refuse } from './forward.js';
import { LocalServer } from './http-server.js';
import { ServiceTable, serviceName } from './services.js';
import { Turns } from './turns.js';

/**
 * Reaches every Service by its name, as cluster DNS would: a request names it in `x-forwarded-host`, in its address (as to a proxy), or in `Host`.
 * Servers take turns; one that refuses the connection is passed over.
 */
export class ServiceProxy implements Controller {
  public readonly name = 'service proxy';
  private readonly server = new LocalServer(async (request, response) => this.answer(request, response));
  private readonly turns = new Turns();
  private connections = new Connections();
  private ending: (() => void) | undefined;

  constructor(private readonly services: ServiceTable) {}

  /** What MYELIN_SERVICE_PROXY is set to, once it has started. */
  public get url(): string {
    return this.server.url;
  }

  public async start(): Promise<void> {
    await this.server.start();
    this.ending = this.services.onChange(() => this.turns.closeGone(this.services, this.connections));
  }

  public async stop(): Promise<void> {
    this.ending?.();
    await this.server.stop();
    this.connections.close();
    this.connections = new Connections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host, path } = targetOf(request);
    const service = serviceName(host);
    if (service === undefined) {
      refuse(request, response, 404, `'${host}' is no Service of this cluster, name it as name.namespace.svc:port\n`);
      return;
    }
    const addresses = this.turns.order(this.services, service);
    if (addresses.length === 0) {
      const reason = this.services.isKnown(service) ? 'has nobody ready to answer' : 'is not there';
      refuse(request, response, 503, `Service '${host}' ${reason}\n`);
      return;
    }
    const { 'x-forwarded-host': _, ...headers } = forwardedHeaders(request.headers);
    await forward(request, response, { connections: this.connections, addresses, path, headers: { ...headers, host } });
  }
}

function targetOf(request: IncomingMessage): { host: string; path: string } {
  const [, host, path] = /^(?:https?:\/\/([^/?]*))?(.*)$/s.exec(request.url ?? '/') ?? ['', undefined, '/'];
  const forwarded = request.headers['x-forwarded-host'];
  const named = Array.isArray(forwarded) ? forwarded[0] : forwarded;
  return {
    host: named ?? host ?? request.headers.host ?? '',
    path: path.startsWith('/') ? path : `/${path}`,
  };
}
