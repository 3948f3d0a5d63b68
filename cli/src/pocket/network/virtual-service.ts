/** What we read of an Istio VirtualService. @see https://istio.io/latest/docs/reference/config/networking/virtual-service/ */
export interface VirtualServiceSpec {
  readonly hosts?: readonly string[];
  readonly gateways?: readonly string[];
  readonly exportTo?: readonly string[];
  readonly http?: readonly HttpRoute[];
}

export interface HttpRoute {
  readonly name?: string;
  readonly match?: readonly HttpMatch[];
  readonly route?: readonly RouteDestination[];
  readonly delegate?: { readonly name: string; readonly namespace?: string };
  readonly rewrite?: { readonly uri?: string; readonly authority?: string };
  readonly headers?: HeaderChanges;
  readonly timeout?: string;
  readonly retries?: { readonly attempts?: number; readonly perTryTimeout?: string; readonly retryOn?: string };
  readonly mirror?: Destination;
  readonly mirrorPercentage?: { readonly value?: number };
  readonly mirrors?: readonly { readonly destination: Destination; readonly percentage?: { readonly value?: number } }[];
}

export interface HttpMatch {
  readonly name?: string;
  readonly uri?: StringMatch;
  readonly scheme?: StringMatch;
  readonly method?: StringMatch;
  readonly authority?: StringMatch;
  readonly headers?: Readonly<Record<string, StringMatch>>;
  readonly withoutHeaders?: Readonly<Record<string, StringMatch>>;
  readonly queryParams?: Readonly<Record<string, StringMatch>>;
  readonly ignoreUriCase?: boolean;
  readonly port?: number;
  readonly gateways?: readonly string[];
}

/** One of the three; none of them means that there is any value. */
export interface StringMatch {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}

export interface RouteDestination {
  readonly destination: Destination;
  readonly weight?: number;
  readonly headers?: HeaderChanges;
}

export interface Destination {
  readonly host: string;
  readonly port?: { readonly number?: number };
}

export interface HeaderChanges {
  readonly request?: HeaderChange;
  readonly response?: HeaderChange;
}

export interface HeaderChange {
  readonly set?: Readonly<Record<string, string>>;
  readonly add?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

const ROUTE_KEYS = new Set(['name', 'match', 'route', 'delegate', 'rewrite', 'headers', 'timeout', 'retries', 'mirror', 'mirrorPercentage', 'mirrors']);
const MATCH_KEYS = new Set([
  'name', 'uri', 'scheme', 'method', 'authority', 'headers', 'withoutHeaders', 'queryParams', 'ignoreUriCase', 'port', 'gateways',
]);

/** The first field of a route that the laptop's gateway does not carry out, by its path; undefined when it knows all. */
export function unsupportedField(route: HttpRoute): string | undefined {
  const own = Object.keys(route).find((key) => !ROUTE_KEYS.has(key));
  const inMatch = (route.match ?? []).flatMap((match, at) => Object.keys(match).filter((key) => !MATCH_KEYS.has(key)).map((key) => `match[${at}].${key}`))[0];
  const inRewrite = Object.keys(route.rewrite ?? {}).filter((key) => !/^(uri|authority)$/.test(key)).map((key) => `rewrite.${key}`)[0];
  const subset = (route.route ?? []).findIndex(({ destination }) => 'subset' in destination);
  return own ?? inMatch ?? inRewrite ?? (subset >= 0 ? `route[${subset}].destination.subset` : undefined);
}

/** Milliseconds of a duration as Go writes it: `1.5s`, `200ms`, `1m30s`. Undefined for none, and for what is no duration. */
export function durationMs(text: string | undefined): number | undefined {
  if (text === undefined || !/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
  const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce((sum, [, value, unit]) => sum + Number(value) * units[unit], 0);
}
