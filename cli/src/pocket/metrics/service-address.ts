/** Where a service of the cluster really listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The part of the cluster's services that monitoring needs. */
export interface Services {
  /** The addresses behind `name.namespace.svc:port`; none when nothing listens. */
  resolve(host: string): readonly Address[];
  /** Makes an address reachable under a name; returns how to end that. */
  register(namespace: string, name: string, port: number, address: Address): () => void;
}

/** What came of a message to a webhook. */
export interface Delivery {
  /** HTTP status; 0 when nobody answered. */
  readonly status: number;
  readonly error?: string;
}

const TIMEOUT_MS = 30_000;

/** Posts JSON to a URL; a host that is a service of the cluster is looked up at that moment. */
export async function deliver(services: Services, url: string, body: string, authorization?: string, signal?: AbortSignal): Promise<Delivery> {
  const given = new URL(url);
  const addresses = isService(given) ? services.resolve(given.host) : [undefined];
  let error = `no address for ${given.host}`;
  for (const address of addresses) {
    const target = new URL(given);
    if (address !== undefined) target.host = `${address.host}:${address.port}`;
    try {
      const response = await fetch(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'Alertmanager/0.25.0', ...(authorization && { authorization }) },
        body,
        signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])]),
      });
      await response.body?.cancel();
      return { status: response.status };
    } catch (cause) {
      error = cause instanceof Error ? `${cause.message}${cause.cause instanceof Error ? `: ${cause.cause.message}` : ''}` : String(cause);
    }
  }
  return { status: 0, error };
}

function isService({ hostname, protocol }: URL): boolean {
  return protocol === 'http:' && (/\.svc(\.cluster\.local)?$/.test(hostname) || (!hostname.includes('.') && hostname !== 'localhost' && !hostname.startsWith('[')));
}
