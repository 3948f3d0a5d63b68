import { SERVER_PORT } from '../../contract/constants.js';
import type { GraphModel, ModelDocument, RequestMatch, RolloutRule, StringMatch } from '../../contract/documents.js';
import type { Digest } from '../../ledger/digest.js';
import { serverName } from './names.js';
import { answering } from './spec.js';
import { apportion, generationShares, shadowGeneration } from './weights.js';

/** A route of an Istio VirtualService, as far as we write it. */
export interface HttpRoute {
  name?: string;
  match?: { uri: { exact: string }; headers?: Record<string, StringMatch> }[];
  rewrite?: { uri: string };
  route?: { destination: Destination; weight?: number }[];
  mirrors?: { destination: Destination; percentage: { value: number } }[];
}

export interface Destination {
  host: string;
  port: { number: number };
}

/** What the routes of a model follow from. */
export interface RoutePlan {
  readonly document: ModelDocument;
  /** Its live versions, newest first. */
  readonly live: readonly string[];
  /** Names of the Services that are there: an older version may lack a backend that the document has got since. */
  readonly services: ReadonlySet<string>;
  readonly digest: Digest;
}

/** A share of the requests of a route, and the Service that gets it. */
interface ServiceShare {
  readonly service: string;
  readonly weight: number;
}

/**
 * The routes of the axon's delegate VirtualService, once a plan is carried out.
 * Routes of the axon's other models stay as they are. Each version has addresses of its own; the first route that a request matches answers it.
 *
 * Only exact paths: under the prefix that delegates to it Istio drops a regular expression with no more than a log line.
 */
export function routes(plan: RoutePlan, present: readonly HttpRoute[]): HttpRoute[] {
  const prefix = `${plan.document.model}/`;
  const others = present.filter(({ name }) => !name?.startsWith(prefix));
  // In one order, whoever writes last: two deployments at once must not write the same routes back and forth.
  return [...others, ...versionRoutes(plan), ...ruleRoutes(plan)].sort((a, b) => compare(modelOf(a), modelOf(b)));
}

/** Services that routes lead to, by the first label of their hosts. */
export function routedServices(present: readonly HttpRoute[]): Set<string> {
  const destinations = present.flatMap(({ route = [], mirrors = [] }) => [...route, ...mirrors]);
  return new Set(destinations.map((each) => each.destination.host.split('.', 1)[0]!));
}

/** Each version under its own address. */
function versionRoutes(plan: RoutePlan): HttpRoute[] {
  const { document, live } = plan;
  return live.flatMap((version) => document.routes.flatMap((route) => {
    const { node, path } = answering(document, route);
    const shares = backendShares(plan, node, version);
    if (shares.length === 0) return [];
    return [{
      name: `${document.model}/versions/${version}${route.path}`,
      match: [{ uri: { exact: `${document.endpoint.prefix}/versions/${version}${route.path}` } }],
      rewrite: { uri: path },
      route: weighted(document, shares),
    }];
  }));
}

/** The stable addresses, by the rules of the rollout in their order. */
function ruleRoutes(plan: RoutePlan): HttpRoute[] {
  const { document, live } = plan;
  if (live.length === 0) return [];
  return document.routes.flatMap((route) => document.rollout.flatMap((rule, index) => {
    const { node, path } = answering(document, route);
    const shares = generationShares(rule, live.length).flatMap(({ generation, weight }) => (
      backendShares(plan, node, live[generation]!).map((share) => ({ ...share, weight: share.weight * weight }))
    ));
    if (shares.length === 0) return [];
    const shadow = shadowGeneration(rule, live.length);
    const copied = shadow === undefined ? [] : backendShares(plan, node, live[shadow]!);
    return [{
      name: `${document.model}/${rule.match === undefined ? 'stable' : `rule-${index}`}${route.path}`,
      match: matches(rule, `${document.endpoint.prefix}${route.path}`),
      rewrite: { uri: path },
      route: weighted(document, shares),
      ...(copied.length > 0 && {
        mirrors: copied.map(({ service, weight }) => ({ destination: destination(document, service), percentage: { value: weight } })),
      }),
    }];
  }));
}

/** Shares of a version's backends that are there, in per cents that sum to 100; none when there is none. The fixed weights also stand for `best`. */
function backendShares({ document, services, digest }: RoutePlan, node: GraphModel, version: string): ServiceShare[] {
  const { axon, model } = document;
  const there = node.backends
    .map(({ name, weight }) => ({ service: serverName(axon, version, { model, node: node.name, backend: name }, digest), weight }))
    .filter(({ service, weight }) => weight > 0 && services.has(service));
  if (there.length === 0) return [];
  const weights = apportion(there.map(({ weight }) => weight));
  return there.map(({ service }, index) => ({ service, weight: weights[index]! }));
}

/** Destinations with whole per cents that sum to 100; a single one needs none. */
function weighted(document: ModelDocument, shares: readonly ServiceShare[]): HttpRoute['route'] {
  const weights = apportion(shares.map(({ weight }) => weight));
  const used = shares
    .map(({ service }, index) => ({ destination: destination(document, service), weight: weights[index]! }))
    .filter(({ weight }) => weight > 0);
  return used.length === 1 ? [{ destination: used[0]!.destination }] : used;
}

function destination({ namespace }: ModelDocument, service: string): Destination {
  return { host: `${service}.${namespace}.svc.cluster.local`, port: { number: SERVER_PORT } };
}

function matches(rule: RolloutRule, path: string): HttpRoute['match'] {
  const alternatives: readonly (RequestMatch | undefined)[] = rule.match ?? [undefined];
  return alternatives.map((alternative) => ({ uri: { exact: path }, ...(alternative !== undefined && { headers: { ...alternative.headers } }) }));
}

function modelOf({ name = '' }: HttpRoute): string {
  return name.split('/', 1)[0]!;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
