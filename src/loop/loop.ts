import { ContainerData } from './container';
import { ModelGraphData } from './model';
import { PlatformData } from './platform';
import { PodData } from './pod';
import { SensorData } from './sensor';
import { ServerData } from './server';
import { SourceData } from './source';
import { StorageData } from './storage';
import { TaskData } from './task';
import { TunerData } from './tuner';

/** What an axon is before anything is declared in it. */
export interface AxonData {
  /** The construct's path. */
  readonly path: string;
  readonly name: string;
  readonly namespace: string;
  readonly platform: PlatformData;
  readonly storage: StorageData;
  readonly source?: SourceData;
  readonly parameters: Readonly<Record<string, string>>;
  /** The service account of the pods that run user code; whether the axon creates it. */
  readonly taskAccount: { readonly name: string; readonly created: boolean };
  readonly runtimeImage: string;
  /** Labels of every object and every pod, besides those of the loop. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The keys of those labels that come from the chart. */
  readonly chartLabels?: readonly string[];
  /** Annotations of every synthesised object. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Options of all pods with user code: tasks, trials and servers. */
  readonly pod?: PodData;
  /** Options of the pods of the loop's own steps, the EventSource and the Sensor. */
  readonly stepPod?: PodData;
}

/**
 * One axon and everything that was declared in it, as plain data. It never changes: a later declaration
 * makes another loop. Every list is sorted by identifier, so the order of declaration cannot reach a manifest.
 */
export interface Loop extends AxonData {
  readonly tasks: readonly TaskData[];
  readonly servers: readonly ServerData[];
  readonly tuners: readonly TunerData[];
  readonly models: readonly ModelGraphData[];
  readonly sensors: readonly SensorData[];
}

/**
 * A value that follows from a loop alone, computed once for each loop.
 *
 * @param compute must be pure, and its value must not be changed afterwards: all callers share it
 */
export function derived<T>(compute: (loop: Loop) => T): (loop: Loop) => T {
  const known = new WeakMap<Loop, { readonly value: T }>();
  return (loop) => {
    const found = known.get(loop) ?? { value: compute(loop) };
    known.set(loop, found);
    return found.value;
  };
}

const tasksByIdentifier = derived((loop) => new Map(loop.tasks.map((task) => [task.identifier, task])));
const serversByIdentifier = derived((loop) => new Map(loop.servers.map((server) => [server.identifier, server])));
const tunersByTask = derived((loop) => new Map(loop.tuners.map((tuner) => [tuner.task, tuner])));
const modelsByIdentifier = derived((loop) => new Map(loop.models.map((model) => [model.identifier, model])));

/** The task of an identifier. */
export function taskOf(loop: Loop, identifier: string): TaskData | undefined {
  return tasksByIdentifier(loop).get(identifier);
}

/** The model server of an identifier. */
export function serverOf(loop: Loop, identifier: string): ServerData | undefined {
  return serversByIdentifier(loop).get(identifier);
}

/** The task or model server of an identifier: they share their identifiers. */
export function containerOf(loop: Loop, identifier: string): ContainerData | undefined {
  return taskOf(loop, identifier) ?? serverOf(loop, identifier);
}

/** The model graph of an identifier. */
export function modelOf(loop: Loop, identifier: string): ModelGraphData | undefined {
  return modelsByIdentifier(loop).get(identifier);
}

/** The search that replaces a task's one run, if there is one. */
export function tunerOf(loop: Loop, task: string): TunerData | undefined {
  return tunersByTask(loop).get(task);
}
