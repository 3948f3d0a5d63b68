import { API_KINDS } from '../api/kinds.js';
import { nameOf } from '../api/verbs.js';
import type { Objects } from '../controller.js';
import { refOf, type KubeObject } from '../objects/kube-object.js';
import { ObjectError } from '../objects/object-error.js';

export interface K8sTrigger {
  readonly operation?: 'create' | 'patch' | '';
  readonly patchStrategy?: string;
  readonly source: { readonly resource: KubeObject };
}

/** A call of the API that a Sensor makes as its ServiceAccount. */
export interface Access {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly verb: 'create' | 'get' | 'patch';
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** Why a call is refused; undefined when it may be made. */
export type Permits = (access: Access) => string | undefined;

/**
 * Does what a trigger says with its object: `create` makes it, and fails if there is one; `patch` makes it, and changes one that is there only where
 * the content differs, so that the same event twice does nothing the second time.
 */
export function runTrigger(objects: Objects, { operation }: K8sTrigger, resource: KubeObject, sensor: { name: string; trigger: string }, may: (verb: Access['verb']) => void): void {
  try {
    act(objects, operation, resource, sensor, may);
  } catch (error) {
    const exists = error instanceof ObjectError && error.reason === 'AlreadyExists';
    throw new Error(`failed to execute trigger, ${exists ? `${calls(resource)} already exists` : (error as Error).message}`, { cause: error });
  }
}

function act(objects: Objects, operation: K8sTrigger['operation'], resource: KubeObject, sensor: { name: string; trigger: string }, may: (verb: Access['verb']) => void): void {
  if (operation !== 'patch') {
    may('create');
    const labels = {
      ...resource.metadata.labels,
      'events.argoproj.io/sensor': sensor.name,
      'events.argoproj.io/trigger': sensor.trigger,
      'events.argoproj.io/action-timestamp': String(Date.now()),
    };
    objects.create({ ...resource, metadata: { ...resource.metadata, labels } });
    return;
  }
  try {
    may('get');
  } catch (error) {
    throw new Error(`failed to retrieve existing object. err: ${(error as Error).message}`, { cause: error });
  }
  const live = objects.get(refOf(resource));
  may(live === undefined ? 'create' : 'patch');
  if (live === undefined) objects.create(resource);
  else objects.update(refOf(resource), (object) => mergePatch(object, resource) as KubeObject);
}

/** An object as the API server calls it. */
function calls({ apiVersion, kind, metadata: { name } }: KubeObject): string {
  const [group] = apiVersion.includes('/') ? apiVersion.split('/') : [''];
  const known = API_KINDS.find((each) => each.kind === kind && each.group === group);
  return known === undefined ? `${kind} "${name}"` : nameOf(known, name);
}

/** RFC 7386: maps are merged, null removes, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const result: Record<string, unknown> = isMap(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
