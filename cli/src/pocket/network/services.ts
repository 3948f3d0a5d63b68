import { Controller, Objects } from '../controller.js';
import { KubeObject, hasLabels } from '../objects/kube-object.js';
import { PORTS_ANNOTATION } from '../pods/pod.js';

/** Where a server listens on this machine. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A server behind a port of a Service. */
export interface Endpoint extends Address {
  /** The Pod that it runs in; none for what the cluster itself serves. */
  readonly pod?: string;
  readonly ready: boolean;
}

/** A port of a Service by what a URL says: its namespace, name and port. */
export interface ServiceName {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/**
 * What answers behind the name of a Service: the ready Pods that its selector picks, and what the cluster itself serves under such a name.
 * It follows Services and Pods while it is started.
 */
export class ServiceTable implements Controller {
  public readonly name = 'services';
  private readonly registered = new Map<string, Address[]>();
  private readonly services = new Map<string, KubeObject>();
  private readonly pods = new Map<string, Map<string, KubeObject>>();
  private readonly known = new Map<string, readonly Endpoint[]>();
  private readonly listeners = new Set<() => void>();
  private endings: (() => void)[] = [];

  constructor(private readonly objects: Objects) {}

  public async start(): Promise<void> {
    if (this.endings.length > 0) return;
    for (const service of this.objects.list('Service')) this.services.set(keyOf(service), service);
    for (const pod of this.objects.list('Pod')) this.keepPod(pod);
    this.endings = [
      this.objects.watch('Service', ({ type, object }) => {
        if (type === 'deleted') this.services.delete(keyOf(object));
        else this.services.set(keyOf(object), object);
        this.changed();
      }),
      this.objects.watch('Pod', ({ type, object }) => {
        if (type === 'deleted') this.pods.get(namespaceOf(object))?.delete(object.metadata.name);
        else this.keepPod(object);
        this.changed();
      }),
    ];
  }

  public async stop(): Promise<void> {
    this.endings.splice(0).forEach((end) => end());
    this.services.clear();
    this.pods.clear();
    this.known.clear();
  }

  /** Serves a port of a Service from this process; several addresses take turns. Returns how to end it. */
  public register(namespace: string, name: string, port: number, address: Address): () => void {
    const key = portKey({ namespace, name, port });
    this.registered.set(key, [...this.registered.get(key) ?? [], address]);
    this.changed();
    return () => {
      this.registered.set(key, (this.registered.get(key) ?? []).filter((other) => other !== address));
      this.changed();
    };
  }

  /** Addresses of the servers behind `name.namespace.svc:port`, as a Host header has it; none when there is no such Service, or none that is ready. */
  public resolve(hostHeader: string): Address[] {
    const service = serviceName(hostHeader);
    return service === undefined ? [] : this.ready(service);
  }

  /** Those to send requests to. */
  public ready(service: ServiceName): Endpoint[] {
    return this.endpoints(service).filter(({ ready }) => ready);
  }

  /** All servers behind a port of a Service, those that are not ready too. */
  public endpoints(service: ServiceName): readonly Endpoint[] {
    const key = portKey(service);
    const own = (this.registered.get(key) ?? []).map((address) => ({ ...address, ready: true }));
    const found = this.known.get(key) ?? [...own, ...this.podEndpoints(service)];
    this.known.set(key, found);
    return found;
  }

  /** Whether there is such a Service, with that port. */
  public isKnown(service: ServiceName): boolean {
    return (this.registered.get(portKey(service)) ?? []).length > 0 || this.portOf(service) !== undefined;
  }

  /** Calls back after each change of a Service, a Pod or a registration; returns how to end it. */
  public onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private podEndpoints({ namespace, name, port }: ServiceName): Endpoint[] {
    const servicePort = this.portOf({ namespace, name, port });
    const service = this.services.get(`${namespace}/${name}`);
    const selector = service?.spec?.selector;
    // A Service without selector has its endpoints from elsewhere.
    if (servicePort === undefined || selector === undefined || Object.keys(selector).length === 0) return [];
    const early = service!.spec.publishNotReadyAddresses === true;
    return [...this.pods.get(namespace)?.values() ?? []].filter((pod) => hasLabels(pod, selector)).flatMap((pod) => {
      const host = pod.status?.podIP || '127.0.0.1';
      const real = realPort(pod, servicePort.targetPort ?? servicePort.port);
      const over = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
      if (real === undefined || over || 'deletionTimestamp' in pod.metadata) return [];
      return [{ host, port: real, pod: pod.metadata.name, ready: early || isReady(pod) }];
    });
  }

  private portOf({ namespace, name, port }: ServiceName): { port: number; targetPort?: number | string } | undefined {
    const ports: { port: number; targetPort?: number | string }[] = this.services.get(`${namespace}/${name}`)?.spec?.ports ?? [];
    return ports.find((each) => each.port === port);
  }

  private keepPod(pod: KubeObject): void {
    const namespace = namespaceOf(pod);
    if (!this.pods.has(namespace)) this.pods.set(namespace, new Map());
    this.pods.get(namespace)!.set(pod.metadata.name, pod);
  }

  private changed(): void {
    this.known.clear();
    this.listeners.forEach((listener) => listener());
  }
}

const SERVICE_HOST = /^([a-z0-9-]+)\.([a-z0-9-]+)(?:\.svc(?:\.cluster\.local)?\.?)?(?::(\d+))?$/i;

/** The Service that a host means: `name.namespace.svc.cluster.local:8080`, or shorter; port 80 when it names none. Undefined for other hosts. */
export function serviceName(host: string, defaultPort = 80): ServiceName | undefined {
  const [, name, namespace, port] = SERVICE_HOST.exec(host) ?? [];
  if (name === undefined) return undefined;
  return { name: name.toLowerCase(), namespace: namespace.toLowerCase(), port: port === undefined ? defaultPort : Number(port) };
}

interface Container {
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
}

/** The port of this machine for a container port, given by number or by name; undefined when the Pod does not listen on it yet. */
function realPort(pod: KubeObject, target: number | string): number | undefined {
  const containers: Container[] = [...pod.spec?.containers ?? [], ...pod.spec?.initContainers ?? []];
  const named = containers.flatMap((container) => container.ports ?? []).find((port) => port.name === target);
  const number = typeof target === 'number' ? target : named?.containerPort;
  try {
    const ports: Record<string, number> = JSON.parse(pod.metadata.annotations?.[PORTS_ANNOTATION] ?? '{}');
    return number === undefined ? undefined : ports[String(number)];
  } catch {
    return undefined;
  }
}

function isReady(pod: KubeObject): boolean {
  const conditions: { type: string; status: string }[] = pod.status?.conditions ?? [];
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

function namespaceOf(object: KubeObject): string {
  return object.metadata.namespace ?? 'default';
}

function keyOf(object: KubeObject): string {
  return `${namespaceOf(object)}/${object.metadata.name}`;
}

function portKey({ namespace, name, port }: ServiceName): string {
  return `${namespace}/${name}:${port}`;
}
