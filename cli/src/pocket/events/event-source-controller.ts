import type { ClusterLog, Controller, Objects } from '../controller.js';
import { refOf, type KubeObject } from '../objects/kube-object.js';
import { WorkQueue } from '../workqueue.js';
import type { EventBus } from './event-bus.js';
import { eventId } from './nastiness.js';
import { deployed } from './status.js';
import { refuseBus, refuseEventSource } from './supported.js';
import { WebhookServer, type Endpoint } from './webhook-server.js';

/** Makes an address reachable under the name of a Service; returns how to take it back. */
export type Register = (namespace: string, service: string, port: number, address: { readonly host: string; readonly port: number }) => () => void;

export interface EventSourceControllerOptions {
  readonly objects: Objects;
  readonly log: ClusterLog;
  readonly bus: EventBus;
  readonly register: Register;
}

interface Webhook {
  readonly endpoint: string;
  readonly port: string;
  readonly method?: string;
  readonly authSecret?: { readonly name: string; readonly key: string };
  readonly maxPayloadSize?: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

interface EventSourceSpec {
  readonly eventBusName?: string;
  readonly service?: { readonly ports?: readonly { readonly port: number; readonly targetPort?: number | string }[] };
  readonly webhook?: Readonly<Record<string, Webhook>>;
}

interface Running {
  readonly spec: string;
  readonly servers: readonly WebhookServer[];
  readonly unregister: readonly (() => void)[];
}

/** What Argo Events lets a body have when a webhook does not say, in bytes. */
const LARGEST = 1024 * 1024;

/** Listens for the webhooks of EventSources, on ports of this machine that are registered as the Service `<name>-eventsource-svc`. */
export class EventSourceController implements Controller {
  readonly name = 'event-source';
  private readonly queue: WorkQueue;
  private readonly running = new Map<string, Running>();
  private watches: (() => void)[] = [];

  constructor(private readonly options: EventSourceControllerOptions) {
    this.queue = new WorkQueue((key) => this.reconcile(key), options.log);
  }

  async start(): Promise<void> {
    const { objects } = this.options;
    this.watches = [
      objects.watch('EventSource', ({ object }) => this.queue.add(keyOf(object))),
      objects.watch('EventBus', ({ object }) => {
        for (const source of objects.list('EventSource', { namespace: object.metadata.namespace ?? 'default' })) this.queue.add(keyOf(source));
      }),
    ];
  }

  async stop(): Promise<void> {
    this.watches.forEach((unwatch) => unwatch());
    await this.queue.stop();
    await Promise.all([...this.running.keys()].map((key) => this.end(key)));
  }

  private async reconcile(key: string): Promise<void> {
    const { objects, log } = this.options;
    const [namespace, name] = key.split('/') as [string, string];
    const source = objects.get({ kind: 'EventSource', namespace, name });
    const spec = source?.spec as EventSourceSpec | undefined;
    const refused = spec && (refuseEventSource(spec) ?? refuseBus(objects, namespace, spec.eventBusName || 'default'));
    const text = spec === undefined || refused !== undefined ? undefined : JSON.stringify(spec);
    if (this.running.get(key)?.spec !== text) await this.end(key);
    if (source === undefined) return;
    if (text !== undefined && !this.running.has(key)) await this.begin(key, source, spec!, text);
    if (deployed(objects, refOf(source), refused) && refused !== undefined) log.warn('an EventSource cannot be run', { eventSource: name, namespace, reason: refused });
  }

  private async begin(key: string, source: KubeObject, spec: EventSourceSpec, text: string): Promise<void> {
    const { bus, register } = this.options;
    const { namespace = 'default', name } = source.metadata;
    const endpoints = new Map<number, Endpoint[]>();
    for (const [event, webhook] of Object.entries(spec.webhook ?? {})) {
      const port = Number(webhook.port);
      endpoints.set(port, [...(endpoints.get(port) ?? []), this.endpoint(namespace, event, webhook)]);
    }
    const servers: WebhookServer[] = [];
    const unregister: (() => void)[] = [];
    this.running.set(key, { spec: text, servers, unregister });
    for (const [port, own] of endpoints) {
      const server = new WebhookServer(own, (endpoint, data) => {
        bus.publish({ namespace, bus: spec.eventBusName || 'default' }, {
          id: eventId(), source: name, subject: endpoint.name, type: 'webhook', time: new Date().toISOString(), data,
        });
      });
      servers.push(server);
      const address = await server.listen();
      // What the Service does not name is not reachable, as in a cluster.
      for (const service of (spec.service?.ports ?? []).filter((each) => Number(each.targetPort ?? each.port) === port)) {
        unregister.push(register(namespace, `${name}-eventsource-svc`, service.port, address));
      }
    }
  }

  private endpoint(namespace: string, event: string, { endpoint, method, authSecret, maxPayloadSize, metadata }: Webhook): Endpoint {
    return {
      name: event,
      path: endpoint,
      method: method ?? 'POST',
      largest: maxPayloadSize || LARGEST,
      ...(metadata && { metadata }),
      ...(authSecret && { token: () => this.secret(namespace, authSecret) }),
    };
  }

  private secret(namespace: string, { name, key }: { readonly name: string; readonly key: string }): string {
    const encoded: unknown = this.options.objects.get({ kind: 'Secret', namespace, name })?.data?.[key];
    if (typeof encoded !== 'string') throw new Error(`there is no key '${key}' in Secret '${name}'`);
    return Buffer.from(encoded, 'base64').toString().replace(/\n$/, '');
  }

  private async end(key: string): Promise<void> {
    const running = this.running.get(key);
    if (running === undefined) return;
    this.running.delete(key);
    running.unregister.forEach((take) => take());
    await Promise.all(running.servers.map((server) => server.close()));
  }
}

function keyOf({ metadata: { name, namespace = 'default' } }: KubeObject): string {
  return `${namespace}/${name}`;
}
