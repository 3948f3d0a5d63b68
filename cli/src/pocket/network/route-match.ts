import { IncomingHttpHeaders } from 'node:http';
import { HttpMatch, HttpRoute, StringMatch } from './virtual-service.js';

/** What a route looks at. */
export interface RouteRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authority: string;
  readonly headers: IncomingHttpHeaders;
  /** The port of the Gateway. */
  readonly port: number;
}

/** Whether one of the route's matches takes the request, and which. A route without matches takes all. */
export function matchOf(route: HttpRoute, request: RouteRequest): HttpMatch | undefined {
  if (route.match === undefined || route.match.length === 0) return {};
  return route.match.find((match) => matches(match, request));
}

/** The path that a server gets: what the match says of it is replaced, a prefix or the whole. */
export function rewrittenPath({ rewrite }: HttpRoute, { uri }: HttpMatch, path: string): string {
  if (rewrite?.uri === undefined || rewrite.uri === '') return path;
  if (uri?.exact !== undefined || uri?.regex !== undefined) return rewrite.uri;
  return rewrite.uri + path.slice((uri?.prefix ?? '/').length);
}

/** The first regular expression of a route that cannot be read. */
export function badExpression(route: HttpRoute): string | undefined {
  const all = (route.match ?? []).flatMap((match) => [
    match.uri, match.scheme, match.method, match.authority, ...Object.values(match.headers ?? {}), ...Object.values(match.withoutHeaders ?? {}),
    ...Object.values(match.queryParams ?? {}),
  ]);
  return all.map((match) => match?.regex).find((regex) => regex !== undefined && expression(regex) === undefined);
}

function matches(match: HttpMatch, { method, path, query, authority, headers, port }: RouteRequest): boolean {
  const header = (name: string) => {
    const value = headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(',') : value;
  };
  return agrees(match.uri, path, match.ignoreUriCase)
    && agrees(match.scheme, 'http')
    && agrees(match.method, method)
    && agrees(match.authority, authority)
    && (match.port === undefined || match.port === port)
    && Object.entries(match.headers ?? {}).every(([name, wanted]) => presentAndAgrees(wanted, header(name)))
    && Object.entries(match.withoutHeaders ?? {}).every(([name, wanted]) => !presentAndAgrees(wanted, header(name)))
    && Object.entries(match.queryParams ?? {}).every(([name, wanted]) => presentAndAgrees(wanted, query.get(name) ?? undefined));
}

function presentAndAgrees(match: StringMatch, value: string | undefined): boolean {
  return value !== undefined && agrees(match, value);
}

function agrees(match: StringMatch | undefined, value: string, ignoreCase = false): boolean {
  if (match === undefined) return true;
  const folded = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  if (match.exact !== undefined) return folded(value) === folded(match.exact);
  if (match.prefix !== undefined) return folded(value).startsWith(folded(match.prefix));
  if (match.regex !== undefined) return expression(match.regex)?.test(value) ?? false;
  return true;
}

const compiled = new Map<string, RegExp | undefined>();

/** As Envoy has it, the whole value must match. */
function expression(text: string): RegExp | undefined {
  if (!compiled.has(text)) {
    try {
      const insensitive = text.startsWith('(?i)');
      compiled.set(text, new RegExp(`^(?:${insensitive ? text.slice(4) : text})$`, insensitive ? 'is' : 's'));
    } catch {
      compiled.set(text, undefined);
    }
  }
  return compiled.get(text);
}
