import { type Labels, only, sortedEntries } from '../promql/labels.js';
import { type Matcher, matcherOf, matchesAll } from '../promql/matcher.js';
import type { RouteConfiguration } from './configuration.js';

/** A node of the routing tree with everything that it inherits. */
export interface Route {
  readonly receiver: string;
  readonly matchers: readonly Matcher[];
  readonly continue: boolean;
  /** Undefined stands for all labels of an alert (`...`). */
  readonly groupBy: readonly string[] | undefined;
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  /** `{}/{namespace="default"}`: the matchers from the root to here, the first part of the key of a group. */
  readonly key: string;
  readonly routes: readonly Route[];
}

type Inherited = Pick<Route, 'receiver' | 'groupBy' | 'groupWaitMs' | 'groupIntervalMs' | 'repeatIntervalMs'>;

const DEFAULTS: Inherited = { receiver: '', groupBy: [], groupWaitMs: 30_000, groupIntervalMs: 300_000, repeatIntervalMs: 14_400_000 };

export function routeTree(given: RouteConfiguration, parent: Inherited & { readonly key?: string } = DEFAULTS): Route {
  const matchers = given.matchers.map(({ name, operator, value }) => matcherOf(name, operator, value)).sort(byText);
  const own = `{${matchers.map(({ name, operator, value }) => `${name}${operator}"${escaped(value)}"`).join(',')}}`;
  const node = {
    receiver: given.receiver ?? parent.receiver,
    groupBy: given.groupBy === undefined ? parent.groupBy : given.groupBy.includes('...') ? undefined : given.groupBy,
    groupWaitMs: given.groupWaitMs ?? parent.groupWaitMs,
    groupIntervalMs: given.groupIntervalMs ?? parent.groupIntervalMs,
    repeatIntervalMs: given.repeatIntervalMs ?? parent.repeatIntervalMs,
    key: parent.key === undefined ? own : `${parent.key}/${own}`,
  };
  return { ...node, matchers, continue: given.continue, routes: given.routes.map((child) => routeTree(child, node)) };
}

/** The routes that an alert takes: the deepest that match, the first of siblings unless it says to continue. */
export function matchingRoutes(route: Route, labels: Labels): Route[] {
  if (!matchesAll(route.matchers, labels)) return [];
  const found: Route[] = [];
  for (const child of route.routes) {
    const deeper = matchingRoutes(child, labels);
    found.push(...deeper);
    if (deeper.length > 0 && !child.continue) break;
  }
  return found.length > 0 ? found : [route];
}

/** The labels that a route groups an alert by. */
export function groupLabels({ groupBy }: Route, labels: Labels): Labels {
  return groupBy === undefined ? labels : only(labels, groupBy);
}

/** `{}/{axon="digits"}:{alertname="decayed"}`. */
export function groupKey(route: Route, labels: Labels): string {
  return `${route.key}:{${sortedEntries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
}

function escaped(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"');
}

const OPERATORS = ['=', '!=', '=~', '!~'];

function byText(a: Matcher, b: Matcher): number {
  const order = (x: string, y: string) => (x < y ? -1 : x > y ? 1 : 0);
  return order(a.name, b.name) || order(a.value, b.value) || OPERATORS.indexOf(a.operator) - OPERATORS.indexOf(b.operator);
}
