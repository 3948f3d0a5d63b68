import { randomUUID } from 'node:crypto';
import { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { ClusterLog, Controller, Objects } from '../controller.js';
import { readBody } from './bodies.js';
import { Connections, forward, forwardedHeaders, refuse } from './forward.js';
import { LocalServer } from './http-server.js';
import { Mirrors } from './mirrors.js';
import { retryPolicy } from './retries.js';
import { rewrittenPath } from './route-match.js';
import { FoundRoute, RouteTable } from './route-table.js';
import { ServiceName, ServiceTable, serviceName } from './services.js';
import { Turns } from './turns.js';
import { Destination, HeaderChange, HttpRoute, RouteDestination, durationMs } from './virtual-service.js';

export interface GatewayProps {
  readonly objects: Objects;
  readonly services: ServiceTable;
  readonly log: ClusterLog;
  /** The port to listen on; 0 takes a free one. */
  readonly port?: number;
  /** The port to listen on where none is asked for, if it is free. */
  readonly lastPort?: number;
  /** Evenly from 0 to 1, for weights and shares. */
  readonly random?: () => number;
}

/** What has gone to a destination since the start. */
export interface DestinationCounts extends Counts {
  /** Its Service, as `namespace/name`. */
  readonly destination: string;
}

interface Counts {
  readonly requests: number;
  /** Answers of 500 and more, ours among them. */
  readonly failed: number;
  /** Copies of requests, whose answers nobody gets. */
  readonly mirrored: number;
}

/** The way in from outside: does what Istio's ingress would do with the Gateways and VirtualServices of the cluster. */
export class Gateway implements Controller {
  public readonly name = 'gateway';
  private readonly server: LocalServer;
  private readonly turns = new Turns();
  private readonly random: () => number;
  private readonly counted = new Map<string, Counts>();
  private readonly warned = new Set<string>();
  private connections = new Connections();
  private table: RouteTable | undefined;
  private endings: (() => void)[] = [];
  private readonly mirrors = new Mirrors();

  constructor(private readonly props: GatewayProps) {
    this.random = props.random ?? Math.random;
    this.server = new LocalServer(async (request, response) => this.answer(request, response), { port: props.port, preferred: props.lastPort, option: '--port' });
  }

  /** Where users send requests to, once it has started. */
  public get url(): string {
    return this.server.url;
  }

  public async start(): Promise<void> {
    const { objects, services } = this.props;
    const outdated = () => {
      // What is wrong with routes is told when they change, not when somebody first asks for them.
      if (this.table !== undefined) setImmediate(() => this.routes());
      this.table = undefined;
    };
    this.endings = [
      objects.watch('Gateway', outdated), objects.watch('VirtualService', outdated),
      services.onChange(() => this.turns.closeGone(services, this.connections)),
    ];
    this.routes();
    await this.server.start();
  }

  public async stop(): Promise<void> {
    this.endings.splice(0).forEach((end) => end());
    await this.server.stop();
    this.connections.close();
    this.connections = new Connections();
    this.table = undefined;
  }

  /** Counts by destination, in the order of names. */
  public counts(): DestinationCounts[] {
    return [...this.counted].map(([destination, counts]) => ({ destination, ...counts })).sort((a, b) => (a.destination < b.destination ? -1 : 1));
  }

  private routes(): RouteTable {
    if (this.table === undefined) {
      const { objects, log } = this.props;
      const current = new Set<string>();
      this.table = RouteTable.of(objects.list('Gateway'), objects.list('VirtualService'), (message) => {
        current.add(message);
        if (!this.warned.has(message)) log.warn('a route does not hold', { reason: message });
      });
      this.warned.clear();
      current.forEach((message) => this.warned.add(message));
    }
    return this.table;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, path, search] = /^(?:https?:\/\/[^/?]*)?([^?]*)(.*)$/s.exec(request.url ?? '/') ?? ['', '/', ''];
    const authority = request.headers.host ?? '';
    const found = this.routes().find({ method: request.method ?? 'GET', path, query: new URLSearchParams(search), authority, headers: request.headers, port: 80 });
    if (found === undefined) {
      refuse(request, response, 404, '');
      return;
    }
    await this.pass(request, response, found, rewrittenPath(found.route, found.match, path) + search);
  }

  private async pass(request: IncomingMessage, response: ServerResponse, { route, namespace }: FoundRoute, path: string): Promise<void> {
    const { services } = this.props;
    const authority = request.headers.host ?? '';
    const chosen = this.choose(route.route ?? []);
    const service = destinationService(chosen.destination, namespace);
    const key = `${service.namespace}/${service.name}`;
    const headers = changed(changed({
      ...forwardedHeaders(request.headers),
      ...(route.rewrite?.authority !== undefined && { host: route.rewrite.authority }),
      'x-forwarded-for': [request.headers['x-forwarded-for'], request.socket.remoteAddress].filter((each) => each !== undefined).join(','),
      'x-forwarded-proto': 'http',
      'x-request-id': request.headers['x-request-id'] ?? randomUUID(),
    }, route.headers?.request), chosen.headers?.request);
    const mirrors = this.mirrorsOf(route);
    const mirror = (content: Buffer) => mirrors.map((each) => destinationService(each, namespace)).forEach((to) => {
      const [address] = this.turns.order(services, to);
      const copy = { connections: this.connections, method: request.method, path, headers, authority, content };
      if (address !== undefined && this.mirrors.send({ ...copy, address })) this.count(`${to.namespace}/${to.name}`, { mirrored: 1 });
    });
    const policy = retryPolicy(route.retries);
    const body = policy.onAnswers ? await readBody(request) : undefined;
    const ready = this.turns.order(services, service);
    if (ready.length === 0) {
      // As Envoy has it: an empty answer where there is no such Service, a reason where it has no servers.
      refuse(request, response, 503, services.isKnown(service) ? 'no healthy upstream' : '');
      this.count(key, { requests: 1, failed: 1 });
      return;
    }
    if (body !== undefined && mirrors.length > 0) mirror(body);
    const tries = policy.attempts === 0 ? 1 : Math.max(policy.onAnswers && body !== undefined ? policy.attempts + 1 : 0, ready.length);
    const { status } = await forward(request, response, {
      connections: this.connections,
      path,
      headers,
      body,
      retryOn: policy.retryOn,
      onBody: mirrors.length > 0 ? mirror : undefined,
      addresses: Array.from({ length: tries }, (_, at) => ready[at % ready.length]),
      timeoutMs: durationMs(route.timeout),
      perTryTimeoutMs: durationMs(route.retries?.perTryTimeout),
      answerHeaders: (answer) => changed(changed(answer, route.headers?.response), chosen.headers?.response),
    });
    this.count(key, { requests: 1, failed: status >= 500 ? 1 : 0 });
  }

  /** By weight; with one destination alone its weight says nothing. */
  private choose(destinations: readonly RouteDestination[]): RouteDestination {
    const total = destinations.reduce((sum, { weight = 0 }) => sum + weight, 0);
    if (destinations.length === 1 || total === 0) return destinations[0];
    let point = this.random() * total;
    return destinations.find(({ weight = 0 }) => (point -= weight) < 0) ?? destinations.filter(({ weight = 0 }) => weight > 0).at(-1)!;
  }

  private mirrorsOf({ mirror, mirrorPercentage, mirrors = [] }: HttpRoute): Destination[] {
    const all = mirror === undefined ? mirrors : [{ destination: mirror, percentage: mirrorPercentage }, ...mirrors];
    return all.filter(({ percentage }) => this.random() * 100 < (percentage?.value ?? 100)).map(({ destination }) => destination);
  }

  private count(key: string, { requests = 0, failed = 0, mirrored = 0 }: Partial<Counts>): void {
    const before = this.counted.get(key) ?? { requests: 0, failed: 0, mirrored: 0 };
    this.counted.set(key, { requests: before.requests + requests, failed: before.failed + failed, mirrored: before.mirrored + mirrored });
  }
}

function destinationService({ host, port }: Destination, namespace: string): ServiceName {
  const number = port?.number ?? 80;
  return (host.includes('.') ? serviceName(host, number) : undefined) ?? { namespace, name: host, port: number };
}

function changed(headers: OutgoingHttpHeaders, change: HeaderChange | undefined): OutgoingHttpHeaders {
  if (change === undefined) return headers;
  const lower = (map: Readonly<Record<string, string>> = {}) => Object.entries(map).map(([name, value]) => [name.toLowerCase(), value] as const);
  const removed = new Set((change.remove ?? []).map((name) => name.toLowerCase()));
  const result = Object.fromEntries(Object.entries(headers).filter(([name]) => !removed.has(name)));
  for (const [name, value] of lower(change.set)) result[name] = value;
  for (const [name, value] of lower(change.add)) result[name] = result[name] === undefined ? value : `${String(result[name])},${value}`;
  return result;
}
