import type { ClusterLog, Controller, Objects } from '../controller.js';
import { refOf, type KubeObject } from '../objects/kube-object.js';
import { WorkQueue } from '../workqueue.js';
import type { EventBus } from './event-bus.js';
import type { BusEvent } from './event.js';
import type { Permits } from './k8s-trigger.js';
import { SensorRun, type SensorSpec } from './sensor-run.js';
import { deployed } from './status.js';
import { refuseBus, refuseSensor } from './supported.js';

export interface SensorControllerOptions {
  readonly objects: Objects;
  readonly log: ClusterLog;
  readonly bus: EventBus;
  /** Whether a Sensor's account may do what its trigger does; everything is allowed when absent. */
  readonly permits?: Permits;
}

/** Keeps each Sensor listening to its bus. One whose spec changes listens anew, to what came meanwhile first. */
export class SensorController implements Controller {
  readonly name = 'sensor';
  private readonly queue: WorkQueue;
  private readonly running = new Map<string, { readonly spec: string; readonly run: SensorRun }>();
  private readonly memories = new Map<string, Map<string, Map<string, BusEvent>>>();
  private watches: (() => void)[] = [];

  constructor(private readonly options: SensorControllerOptions) {
    this.queue = new WorkQueue((key) => this.reconcile(key), options.log);
  }

  async start(): Promise<void> {
    const { objects } = this.options;
    this.watches = [
      objects.watch('Sensor', ({ object }) => this.queue.add(keyOf(object))),
      objects.watch('EventBus', ({ object }) => {
        for (const sensor of objects.list('Sensor', { namespace: object.metadata.namespace ?? 'default' })) this.queue.add(keyOf(sensor));
      }),
    ];
  }

  async stop(): Promise<void> {
    this.watches.forEach((unwatch) => unwatch());
    await this.queue.stop();
    await Promise.all([...this.running.values()].map(({ run }) => run.stop()));
    this.running.clear();
  }

  private async reconcile(key: string): Promise<void> {
    const { objects, bus, log, permits } = this.options;
    const [namespace, name] = key.split('/') as [string, string];
    const sensor = objects.get({ kind: 'Sensor', namespace, name });
    const spec = sensor?.spec as SensorSpec | undefined;
    const refused = spec && (refuseSensor(spec) ?? refuseBus(objects, namespace, spec.eventBusName || 'default'));
    const text = spec === undefined || refused !== undefined ? undefined : JSON.stringify(spec);
    const running = this.running.get(key);
    if (running !== undefined && running.spec !== text) {
      this.running.delete(key);
      await running.run.stop();
    }
    if (sensor === undefined) {
      bus.forget(`${key}/`);
      this.memories.delete(key);
      return;
    }
    if (text !== undefined && !this.running.has(key)) {
      this.running.set(key, { spec: text, run: new SensorRun({ sensor, objects, bus, log, permits, memory: this.memoryOf(key) }) });
    }
    if (deployed(objects, refOf(sensor), refused) && refused !== undefined) log.warn('a Sensor cannot be run', { sensor: name, namespace, reason: refused });
  }

  private memoryOf(key: string): Map<string, Map<string, BusEvent>> {
    const memory = this.memories.get(key) ?? new Map<string, Map<string, BusEvent>>();
    this.memories.set(key, memory);
    return memory;
  }
}

function keyOf({ metadata: { name, namespace = 'default' } }: KubeObject): string {
  return `${namespace}/${name}`;
}
