import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterLog, Objects } from '../controller.js';
import type { KubeObject } from '../objects/kube-object.js';
import { milliseconds } from '../workflow/duration.js';
import { compileGovaluate } from '../workflow/expression/govaluate.js';
import { Undone, type EventBus, type Subscription } from './event-bus.js';
import type { BusEvent } from './event.js';
import { passes, type DataFilter } from './filters.js';
import { runTrigger, type K8sTrigger, type Permits } from './k8s-trigger.js';
import { withParameters, type TriggerParameter } from './parameters.js';

export interface SensorSpec {
  readonly eventBusName?: string;
  readonly template?: { readonly serviceAccountName?: string };
  readonly dependencies: readonly {
    readonly name: string;
    readonly eventSourceName: string;
    readonly eventName: string;
    readonly filters?: { readonly data?: readonly DataFilter[]; readonly dataLogicalOperator?: 'and' | 'or' };
  }[];
  readonly triggers: readonly Trigger[];
}

interface Trigger {
  readonly atLeastOnce?: boolean;
  readonly retryStrategy?: {
    readonly steps?: number; readonly duration?: string | number; readonly factor?: number | string; readonly jitter?: number | string;
  };
  readonly template: {
    readonly name: string;
    readonly conditions?: string;
    readonly k8s?: K8sTrigger & { readonly parameters?: readonly TriggerParameter[] };
  };
}

export interface SensorInput {
  readonly sensor: KubeObject;
  readonly objects: Objects;
  readonly bus: EventBus;
  readonly log: ClusterLog;
  /** Whether the Sensor's account may do what it does; everything is allowed when absent. */
  readonly permits?: Permits;
  /** What triggers keep of an `&&` that is half met, by their names; it outlives one listening. */
  readonly memory: Map<string, Map<string, BusEvent>>;
}

/** What a retry strategy leaves open, as Argo Events fills it. */
const BACKOFF = { steps: 5, duration: '1s', factor: 1, jitter: 0 };

/** A Sensor that listens: each of its triggers has a subscription of its own, and handles one event after the other. */
export class SensorRun {
  private readonly subscriptions: Subscription[];
  private readonly stopping = new AbortController();
  private readonly spec: SensorSpec;

  constructor(private readonly input: SensorInput) {
    this.spec = input.sensor.spec as SensorSpec;
    this.subscriptions = this.spec.triggers.map((trigger) => this.subscribe(trigger));
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.subscriptions.map((subscription) => subscription.close()));
  }

  private subscribe(trigger: Trigger): Subscription {
    const { bus, sensor } = this.input;
    const names = this.spec.dependencies.map(({ name }) => name);
    const condition = trigger.template.conditions || names.join(' && ');
    const met = compileGovaluate(condition.replaceAll('-', '\\-'), 'variables');
    const involved = new Set(condition.match(/[\w-]+/g));
    const dependencies = this.spec.dependencies.filter(({ name }) => involved.has(name));
    /** Of an `&&`, what has come of each dependency since it last fired: only the latest, the earlier ones are forgotten. */
    const kept = this.input.memory.get(trigger.template.name) ?? new Map<string, BusEvent>();
    this.input.memory.set(trigger.template.name, kept);
    const subjects = dependencies.map(({ eventSourceName, eventName }) => ({
      namespace: sensor.metadata.namespace ?? 'default', bus: this.spec.eventBusName || 'default', source: eventSourceName, event: eventName,
    }));
    return bus.subscribe(`${nameOf(sensor)}/${trigger.template.name}`, subjects, async (event) => {
      for (const dependency of dependencies) {
        if (dependency.eventSourceName !== event.source || dependency.eventName !== event.subject || !this.wanted(dependency, event)) continue;
        if (!condition.includes('&')) {await this.fire(trigger, new Map([[dependency.name, event]]));} else {
          kept.set(dependency.name, event);
          if (met(Object.fromEntries(names.map((name) => [name, kept.has(name)]))) !== true) continue;
          await this.fire(trigger, new Map(kept));
          kept.clear();
        }
      }
    });
  }

  private wanted({ name, filters }: SensorSpec['dependencies'][number], event: BusEvent): boolean {
    try {
      return passes(event.data, filters?.data, filters?.dataLogicalOperator);
    } catch (error) {
      this.input.log.warn('an event was discarded by a filter', { sensor: this.input.sensor.metadata.name, dependency: name, reason: (error as Error).message });
      return false;
    }
  }

  /** Acts, and tries again as the strategy says. An event that cannot be acted on is given up: the bus does not bring it again. */
  private async fire(trigger: Trigger, events: ReadonlyMap<string, BusEvent>): Promise<void> {
    const strategy = { ...(trigger.retryStrategy === undefined ? { ...BACKOFF, steps: 1 } : BACKOFF), ...trigger.retryStrategy };
    const steps = trigger.atLeastOnce ? strategy.steps : 1;
    let wait = milliseconds(strategy.duration);
    for (let step = 1; ; step++) {
      try {
        return this.act(trigger, events);
      } catch (error) {
        const report = { sensor: this.input.sensor.metadata.name, trigger: trigger.template.name, reason: (error as Error).message };
        // Who listens next under this name does what is left.
        if (step < steps && this.stopping.signal.aborted) throw new Undone('the Sensor ends', { cause: error });
        if (step >= steps) {
          this.input.log.warn('a trigger failed and its event is given up', report);
          return undefined;
        }
        this.input.log.warn('a trigger failed and is tried again', { ...report, wait });
      }
      await sleep(wait * (1 + Math.random() * Number(strategy.jitter)), undefined, { signal: this.stopping.signal }).catch(() => undefined);
      wait *= Number(strategy.factor);
    }
  }

  private act({ template }: Trigger, events: ReadonlyMap<string, BusEvent>): void {
    const { sensor, objects, permits, log } = this.input;
    const k8s = template.k8s!;
    const resource = withParameters(k8s.source.resource, k8s.parameters ?? [], events);
    resource.metadata.namespace ??= sensor.metadata.namespace ?? 'default';
    runTrigger(objects, k8s, resource, { name: sensor.metadata.name, trigger: template.name }, (verb) => {
      const refused = permits?.({
        verb,
        apiVersion: resource.apiVersion,
        kind: resource.kind,
        name: resource.metadata.name,
        namespace: resource.metadata.namespace!,
        serviceAccount: this.spec.template?.serviceAccountName ?? 'default',
      });
      if (refused !== undefined) throw new Error(refused);
    });
    log.info('a Sensor fired', { sensor: sensor.metadata.name, trigger: template.name, object: `${resource.kind} ${resource.metadata.name}` });
  }
}

/** The name under which what triggers of a Sensor listen to is kept; each adds its own. */
export function nameOf({ metadata: { name, namespace = 'default' } }: KubeObject): string {
  return `${namespace}/${name}`;
}
