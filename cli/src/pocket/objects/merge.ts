import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from './kube-object.js';

type Json = unknown;
type JsonMap = Record<string, Json>;

/** RFC 7386: maps merge, null removes, all else replaces. */
export function mergePatch(target: Json, patch: Json): Json {
  if (!isMap(patch)) return patch;
  const merged: JsonMap = isMap(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

/**
 * What `kubectl apply` makes of an object: fields of the manifest win, fields that the manifest before had and this one has not are removed,
 * all others stay, since someone else set them. Lists, and the data of ConfigMaps and Secrets, are taken whole. The status is never the user's.
 */
export function applied(live: KubeObject, before: KubeObject | undefined, manifest: KubeObject): KubeObject {
  const merged = threeWay(live, before ?? {}, manifest) as KubeObject;
  if (manifest.kind === 'ConfigMap' || manifest.kind === 'Secret') {
    for (const field of ['data', 'binaryData']) {
      if (manifest[field] === undefined) delete merged[field];
      else merged[field] = manifest[field];
    }
  }
  if (live.status === undefined) delete merged.status;
  else merged.status = live.status;
  return merged;
}

function threeWay(live: Json, before: Json, manifest: Json): Json {
  if (!isMap(manifest) || !isMap(live)) return manifest;
  const merged: JsonMap = { ...live };
  if (isMap(before)) {
    for (const key of Object.keys(before)) if (!(key in manifest)) removeDeclared(merged, key, before[key]);
  }
  for (const [key, value] of Object.entries(manifest)) merged[key] = threeWay(merged[key], isMap(before) ? before[key] : undefined, value);
  return merged;
}

/** A map that the user gave up may hold what others put there. */
function removeDeclared(owner: JsonMap, key: string, declared: Json): void {
  const live = owner[key];
  if (!isMap(live) || !isMap(declared)) {
    delete owner[key];
    return;
  }
  const rest = { ...live };
  for (const [inner, value] of Object.entries(declared)) removeDeclared(rest, inner, value);
  if (isDeepStrictEqual(rest, {})) delete owner[key];
  else owner[key] = rest;
}

function isMap(value: Json): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
