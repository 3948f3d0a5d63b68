import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Objects } from '../controller.js';
import type { KubeObject } from '../objects/kube-object.js';
import { claimFolder } from './claims.js';
import { fieldOf } from './field-ref.js';
import type { PodFolder } from './pod-folder.js';
import type { Container, Pod, ProjectedSource, Volume, VolumeItems } from './pod.js';

/** Something that a pod needs is not there yet: it may come, so it is waited for. */
export class NotReadyYet extends Error {}

/** The folders of a pod's volumes by name. */
export type VolumeFolders = Readonly<Record<string, string>>;

/** Where each volume of a pod lies; makes and fills what is missing. Throws NotReadyYet. */
export function volumeFolders(pod: Pod, folder: PodFolder, objects: Objects, stateDir: string): VolumeFolders {
  return Object.fromEntries((pod.spec.volumes ?? []).map((volume) => [volume.name, prepared(volume, pod, folder, objects, stateDir)]));
}

/** The kinds and names of the objects whose content a pod's volumes show. */
export function shownObjects(pod: Pod): { kind: 'ConfigMap' | 'Secret'; name: string }[] {
  return (pod.spec.volumes ?? []).flatMap(({ configMap, secret, projected }) => [
    ...shownBy({ configMap, ...(secret && { secret: { name: secret.secretName } }) }),
    ...(projected?.sources ?? []).flatMap(shownBy),
  ]);
}

function shownBy({ configMap, secret }: ProjectedSource): { kind: 'ConfigMap' | 'Secret'; name: string }[] {
  return [
    ...configMap === undefined ? [] : [{ kind: 'ConfigMap' as const, name: configMap.name }],
    ...secret === undefined ? [] : [{ kind: 'Secret' as const, name: secret.name }],
  ];
}

/** Where a container's mounts lie, by mount path; folders of `subPath` are made if `make` says so. */
export function mountFolders(container: Container, volumes: VolumeFolders, make = true): Record<string, string> {
  return Object.fromEntries((container.volumeMounts ?? []).map(({ name, mountPath, subPath }) => {
    const volume = volumes[name];
    if (volume === undefined) throw new Error(`'volumeMounts' of container '${container.name}' name '${name}', which is no volume of the pod`);
    const path = normalize(mountPath).replace(/\/$/, '');
    if (!subPath) return [path, volume];
    const within = normalize(subPath);
    if (within.startsWith('..') || within.startsWith('/')) throw new Error(`'subPath' (${subPath}) of container '${container.name}' must stay inside the volume`);
    const place = join(volume, within);
    if (make && statSync(place, { throwIfNoEntry: false }) === undefined) mkdirSync(place, { recursive: true });
    return [path, place];
  }));
}

function prepared(volume: Volume, pod: Pod, folder: PodFolder, objects: Objects, stateDir: string): string {
  const own = folder.volume(volume.name);
  if (volume.emptyDir !== undefined || volume.ephemeral !== undefined) {
    mkdirSync(own, { recursive: true });
    return own;
  }
  const { configMap, secret, downwardAPI } = volume;
  if (configMap !== undefined || secret !== undefined || downwardAPI !== undefined) {
    const source = { configMap, downwardAPI, ...(secret && { secret: { ...secret, name: secret.secretName } }) };
    return filled(own, filesOf(source, pod, objects));
  }
  if (volume.projected !== undefined) {
    return filled(own, new Map((volume.projected.sources ?? []).flatMap((source) => [...filesOf(source, pod, objects)])));
  }
  if (volume.persistentVolumeClaim !== undefined) return claimed(volume.persistentVolumeClaim.claimName, pod.metadata.namespace ?? 'default', objects, stateDir);
  if (volume.hostPath !== undefined) return ofHost(volume.hostPath);
  throw new Error(`volume '${volume.name}' is of a kind that the laptop's cluster does not know`);
}

function claimed(name: string, namespace: string, objects: Objects, stateDir: string): string {
  const claim = objects.get({ kind: 'PersistentVolumeClaim', namespace, name });
  if (claim === undefined) throw new NotReadyYet(`PersistentVolumeClaim '${name}' not found`);
  const place = claimFolder(objects, stateDir, claim);
  if ('refused' in place) throw new NotReadyYet(place.refused);
  return place.folder;
}

function ofHost({ path, type = '' }: NonNullable<Volume['hostPath']>): string {
  if (type === 'DirectoryOrCreate') mkdirSync(path, { recursive: true });
  if (statSync(path, { throwIfNoEntry: false }) === undefined) throw new NotReadyYet(`'hostPath' (${path}) does not exist on this machine`);
  return path;
}

/** The files of one source of a volume, by path. */
function filesOf({ configMap, secret, downwardAPI }: ProjectedSource, pod: Pod, objects: Objects): Map<string, Buffer> {
  const namespace = pod.metadata.namespace ?? 'default';
  const ofObject = (kind: 'ConfigMap' | 'Secret', { name, ...items }: VolumeItems & { name: string }) => (
    keysOf(objects.get({ kind, namespace, name }), items, `${kind} '${name}'`));
  return new Map([
    ...(configMap === undefined ? [] : ofObject('ConfigMap', configMap)),
    ...(secret === undefined ? [] : ofObject('Secret', secret)),
    ...(downwardAPI?.items ?? []).map(({ path, fieldRef }) => [normalize(path), Buffer.from(fieldOf(pod, fieldRef!.fieldPath))] as const),
  ]);
}

/** The keys of a ConfigMap or Secret that become files. */
function keysOf(source: KubeObject | undefined, { items, optional }: VolumeItems, what: string): Map<string, Buffer> {
  if (source === undefined && !optional) throw new NotReadyYet(`${what} not found`);
  const content = contentOf(source);
  const files = new Map<string, Buffer>();
  for (const { key, path } of items ?? [...content.keys()].map((each) => ({ key: each, path: each }))) {
    const value = content.get(key);
    if (value !== undefined) files.set(normalize(path), value);
    else if (!optional) throw new NotReadyYet(`${what} has no key '${key}'`);
  }
  return files;
}

/** Brings a folder to the files; a reader of one file sees it old or new, never half. */
function filled(folder: string, files: ReadonlyMap<string, Buffer>): string {
  mkdirSync(folder, { recursive: true });
  for (const [path, value] of files) writeChanged(join(folder, path), value);
  for (const stale of readdirSync(folder)) {
    if (![...files.keys()].some((path) => path === stale || path.startsWith(`${stale}/`))) rmSync(join(folder, stale), { recursive: true, force: true });
  }
  return folder;
}

function writeChanged(path: string, value: Buffer): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() && readFileSync(path).equals(value)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.tmp`, value, { mode: 0o600 });
  renameSync(`${path}.tmp`, path);
}

/** The bytes of a ConfigMap's or Secret's keys. */
export function contentOf(source: KubeObject | undefined): Map<string, Buffer> {
  const inClear = source?.kind === 'ConfigMap' ? source.data ?? {} : {};
  const encoded = source?.kind === 'ConfigMap' ? source.binaryData ?? {} : source?.data ?? {};
  return new Map([
    ...Object.entries<string>(inClear).map(([key, text]) => [key, Buffer.from(text)] as const),
    ...Object.entries<string>(encoded).map(([key, text]) => [key, Buffer.from(text, 'base64')] as const),
  ]);
}
