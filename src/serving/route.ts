import { invalid } from '../problem/error';

/** How a public path reaches a model. */
export interface RouteProps {
  /**
   * The path that is called on the model.
   * @default - the public path
   */
  readonly call?: string;
}

/** A public path below the axon's address, and the model that answers it. */
export class Route {
  /**
   * @param path  the public path, for instance `/predict`
   * @param model the name of a model of the graph
   */
  public static to(path: string, model: string, props: RouteProps = {}): Route {
    return new Route(normal('path', path), model, normal('call', props.call ?? path));
  }

  private constructor(
    /** The public path, without trailing slash. */
    public readonly path: string,
    /** The name of the model. */
    public readonly model: string,
    /** The path that is called on the model. */
    public readonly call: string,
  ) {
    if (path === '/versions' || path.startsWith('/versions/')) {
      throw invalid('reserved', 'path', path, "belongs to the addresses of single versions ('/versions/<version>/…')", 'use another path');
    }
  }
}

function normal(prop: string, path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  if (!/^(\/[A-Za-z0-9._~!$&'()*+,;=:@-]+)+$/.test(trimmed) || trimmed.split('/').some((part) => part === '.' || part === '..')) {
    throw invalid('path-format', prop, path, "must be a path below the axon's address, without query and dots", "write it as '/predict'");
  }
  return trimmed;
}
