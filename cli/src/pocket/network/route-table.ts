import { KubeObject } from '../objects/kube-object.js';
import { delegated } from './delegation.js';
import { RouteRequest, badExpression, matchOf } from './route-match.js';
import { HttpMatch, HttpRoute, VirtualServiceSpec, unsupportedField } from './virtual-service.js';

/** A route and whose it is: short names of destinations are those of its namespace. */
export interface BoundRoute {
  readonly route: HttpRoute;
  readonly namespace: string;
}

export interface FoundRoute extends BoundRoute {
  readonly match: HttpMatch;
}

/** All routes behind the Gateways, as Istio would hand them to its ingress. */
export class RouteTable {
  /** Routes that do not hold are left out, each with a warning, as the real one does it without. */
  public static of(gateways: readonly KubeObject[], virtualServices: readonly KubeObject[], warn: (message: string) => void): RouteTable {
    const known = new Set(gateways.map((gateway) => `${namespaceOf(gateway)}/${gateway.metadata.name}`));
    const sorted = [...virtualServices].sort((a, b) => compare(ageOf(a), ageOf(b)));
    const delegates = new Map(sorted.filter(isDelegate).map((object) => [`${namespaceOf(object)}/${object.metadata.name}`, object]));
    const hosts = new Map<string, BoundRoute[]>();
    for (const root of sorted.filter((object) => !isDelegate(object) && boundTo(object, known, warn))) {
      const routes = routesOf(root, delegates, warn);
      for (const host of specOf(root).hosts ?? []) hosts.set(host, [...hosts.get(host) ?? [], ...routes]);
    }
    return new RouteTable(new Map([...hosts].map(([host, routes]) => [host, catchAllLast(routes)])));
  }

  private constructor(private readonly hosts: ReadonlyMap<string, readonly BoundRoute[]>) {}

  /** The first route that takes the request; undefined is a 404. */
  public find(request: RouteRequest): FoundRoute | undefined {
    for (const bound of this.routesFor(request.authority.replace(/:\d+$/, '').toLowerCase())) {
      const match = matchOf(bound.route, request);
      if (match !== undefined) return { ...bound, match };
    }
    return undefined;
  }

  /** Every route in its order, for a view. */
  public get routes(): readonly BoundRoute[] {
    return [...new Set([...this.hosts.values()].flat())];
  }

  /** Of the host alone: a host with routes of its own has none of `*`. */
  private routesFor(host: string): readonly BoundRoute[] {
    const wildcard = [...this.hosts.keys()].filter((pattern) => pattern.startsWith('*.') && host.endsWith(pattern.slice(1)))
      .sort((a, b) => b.length - a.length)[0];
    return this.hosts.get(host) ?? this.hosts.get(wildcard ?? '') ?? this.hosts.get('*') ?? [];
  }
}

function routesOf(root: KubeObject, delegates: ReadonlyMap<string, KubeObject>, warn: (message: string) => void): BoundRoute[] {
  const namespace = namespaceOf(root);
  const at = (object: KubeObject, route: HttpRoute) => `VirtualService ${namespaceOf(object)}/${object.metadata.name}: route '${route.name ?? ''}'`;
  return (specOf(root).http ?? []).flatMap((route): BoundRoute[] => {
    if (route.delegate === undefined) return holds(route, at(root, route), warn) ? [{ route, namespace }] : [];
    const key = `${route.delegate.namespace || namespace}/${route.delegate.name}`;
    const delegate = delegates.get(key);
    // No warning: a delegate that deploy makes is not there before the first version is.
    if (delegate === undefined || !exportedTo(delegate, namespace)) return [];
    const merged = delegated(route, specOf(delegate).http ?? [], (own) => {
      warn(`${at(delegate, own)} is left out: its match is not within that of '${route.name ?? ''}' in ${namespace}/${root.metadata.name}`);
    });
    return merged.filter((own) => holds(own, at(delegate, own), warn)).map((own) => ({ route: own, namespace: namespaceOf(delegate) }));
  });
}

function holds(route: HttpRoute, place: string, warn: (message: string) => void): boolean {
  const unsupported = unsupportedField(route);
  const regex = badExpression(route);
  const weights = (route.route ?? []).map(({ weight }) => weight ?? 0);
  const reason = unsupported !== undefined ? `'${unsupported}' is not supported by the gateway of a laptop`
    : regex !== undefined ? `'${regex}' is no regular expression`
      : route.delegate !== undefined ? 'a delegate may not delegate'
        : weights.length === 0 ? 'it has no destination'
          : weights.length > 1 && weights.every((weight) => weight === 0) ? 'the weights of its destinations are all 0' : undefined;
  if (reason !== undefined) warn(`${place} is left out: ${reason}`);
  return reason === undefined;
}

function boundTo(object: KubeObject, gateways: ReadonlySet<string>, warn: (message: string) => void): boolean {
  const named = (specOf(object).gateways ?? []).filter((name) => name !== 'mesh').map((name) => (name.includes('/') ? name : `${namespaceOf(object)}/${name}`));
  const bound = named.some((name) => gateways.has(name));
  if (named.length > 0 && !bound) warn(`VirtualService ${namespaceOf(object)}/${object.metadata.name} has no effect: there is no Gateway ${named.join(', ')}`);
  return bound;
}

/** Istio puts routes that take everything behind those of the other VirtualServices of a host. */
function catchAllLast(routes: readonly BoundRoute[]): BoundRoute[] {
  const takesAll = ({ route }: BoundRoute) => (route.match ?? []).length === 0 || (route.match ?? []).some(isCatchAll);
  return [...routes.filter((bound) => !takesAll(bound)), ...routes.filter(takesAll)];
}

function isCatchAll({ uri, headers, queryParams, withoutHeaders, method, authority, scheme, port }: HttpMatch): boolean {
  const everything = uri === undefined || uri.prefix === '/' || uri.regex === '*' || uri.regex === '.*';
  const others = [headers, queryParams, withoutHeaders].some((named) => Object.keys(named ?? {}).length > 0);
  return everything && !others && [method, authority, scheme, port].every((each) => each === undefined);
}

function exportedTo(delegate: KubeObject, namespace: string): boolean {
  const to = specOf(delegate).exportTo ?? [];
  return to.length === 0 || to.includes('*') || to.includes(namespace) || (to.includes('.') && namespaceOf(delegate) === namespace);
}

function isDelegate(object: KubeObject): boolean {
  return (specOf(object).hosts ?? []).length === 0;
}

function specOf(object: KubeObject): VirtualServiceSpec {
  return object.spec ?? {};
}

function namespaceOf({ metadata }: KubeObject): string {
  return metadata.namespace ?? 'default';
}

function ageOf({ metadata }: KubeObject): string {
  return `${metadata.creationTimestamp ?? ''} ${metadata.name}.${metadata.namespace ?? 'default'}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
