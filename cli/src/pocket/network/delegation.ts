import { HttpMatch, HttpRoute, StringMatch } from './virtual-service.js';

/**
 * The routes of a delegate under the route of a root, as Istio merges them: each match of the delegate must lie within one of the root, or the whole route
 * is left out. What the delegate does not say it takes from the root.
 */
export function delegated(root: HttpRoute, delegate: readonly HttpRoute[], onConflict: (route: HttpRoute) => void): HttpRoute[] {
  const { delegate: _, route: _route, ...inherited } = root;
  return delegate.flatMap((route) => {
    const match = mergedMatches(root.match ?? [], route.match ?? []);
    if (match === undefined) {
      onConflict(route);
      return [];
    }
    return [{ ...inherited, ...route, match, name: joined(root.name, route.name) }];
  });
}

/** Undefined when they contradict each other. */
function mergedMatches(root: readonly HttpMatch[], leaf: readonly HttpMatch[]): HttpMatch[] | undefined {
  if (root.length === 0) return [...leaf];
  if (leaf.length === 0) return [...root];
  const merged = leaf.map((own) => root.filter((above) => !contradicts(above, own)).map((above): HttpMatch => ({
    ...above,
    ...own,
    name: joined(above.name, own.name),
    headers: { ...above.headers, ...own.headers },
    withoutHeaders: { ...above.withoutHeaders, ...own.withoutHeaders },
    queryParams: { ...above.queryParams, ...own.queryParams },
  })));
  return merged.some((found) => found.length === 0) ? undefined : merged.flat();
}

function contradicts(root: HttpMatch, leaf: HttpMatch): boolean {
  const single = (['uri', 'scheme', 'method', 'authority'] as const).some((key) => outside(root[key], leaf[key]));
  const named = (['headers', 'withoutHeaders', 'queryParams'] as const)
    .some((key) => Object.entries(leaf[key] ?? {}).some(([name, match]) => outside(root[key]?.[name], match)));
  const ports = root.port !== undefined && leaf.port !== undefined && root.port !== leaf.port;
  return single || named || ports || (root.ignoreUriCase ?? false) !== (leaf.ignoreUriCase ?? false);
}

/** Whether the leaf's values are not all among the root's. Where both speak and one is a regular expression, nobody can tell: that counts as outside. */
function outside(root: StringMatch | undefined, leaf: StringMatch | undefined): boolean {
  if (root === undefined || leaf === undefined) return false;
  if (root.regex || leaf.regex) return true;
  if (root.exact) return leaf.exact !== root.exact;
  if (root.prefix) return !(leaf.prefix || leaf.exact || '').startsWith(root.prefix);
  return true;
}

function joined(above: string | undefined, own: string | undefined): string | undefined {
  return above && own ? `${above}-${own}` : own || above;
}
