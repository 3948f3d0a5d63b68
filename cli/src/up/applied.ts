import type { Objects } from '../pocket/controller.js';
import { type KubeObject, type ObjectRef, refOf, refText } from '../pocket/objects/kube-object.js';
import type { StateFolder } from './state-folder.js';

/** What stays when its manifest goes: it holds what cannot be made again. */
const KEPT = new Set(['PersistentVolumeClaim', 'PersistentVolume']);

/** Applies the objects, and removes those that were applied before and are no longer declared. Returns how many were new or changed. */
export function applyAll(objects: Objects, declared: readonly KubeObject[], state: StateFolder): number {
  const before = state.read<ObjectRef[]>('applied.json') ?? [];
  const wanted = new Set(declared.map((object) => refText(refOf(object))));
  // Written first: a kill in between leaves too much in the list, never too little.
  state.write('applied.json', [...declared.map(refOf), ...before.filter((ref) => !wanted.has(refText(ref)))]);
  const changed = declared.filter((object) => objects.apply({ ...object, metadata: { namespace: 'default', ...object.metadata } }).change !== 'unchanged');
  before.filter((ref) => !wanted.has(refText(ref)) && !KEPT.has(ref.kind)).forEach((ref) => objects.remove(ref));
  state.write('applied.json', declared.map(refOf));
  return changed.length;
}
