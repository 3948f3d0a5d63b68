import { invalid } from '../problem/error';

/** Options of a `Route`. */
export interface RouteOptions {
  /**
   * The path of the request that the model gets.
   * @default - the public path
   */
  readonly call?: string;
}

/** Sends the requests of a public path to a model. Paths are relative to the axon's address. */
export class Route {
  /**
   * @param path  the public path, for instance `/predict`
   * @param model the name of a model of the graph
   */
  public static to(path: string, model: string, options: RouteOptions = {}): Route {
    return new Route(normal('path', path), model, normal('call', options.call ?? path));
  }

  private constructor(
    /** The public path, without a trailing slash. */
    public readonly path: string,
    /** The name of the model. */
    public readonly model: string,
    /** The path of the request that the model gets. */
    public readonly call: string,
  ) {
    if (path === '/versions' || path.startsWith('/versions/')) {
      throw invalid('reserved', 'path', path, "is reserved for the addresses of versions ('/versions/<version>/…')", 'use another path');
    }
  }
}

function normal(prop: string, path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  if (!/^(\/[A-Za-z0-9._~!$&'()*+,;=:@-]+)+$/.test(trimmed) || trimmed.split('/').some((part) => part === '.' || part === '..')) {
    throw invalid('path-format', prop, path, "must be a path below the axon's address, without a query and without '.' and '..'", "write it like '/predict'");
  }
  return trimmed;
}
