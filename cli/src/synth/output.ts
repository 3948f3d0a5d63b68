import { join } from 'node:path';
import { LABEL, MANAGED_BY } from '@cdk8s-myelin/runtime';
import { loadAll } from 'js-yaml';
import { misused } from '../outcome.js';
import type { AxonManifest, KubeObject, Manifest } from './manifests.js';
import { textOf } from './write.js';

/** Throws if an axon would be written to the file of another axon or of the platform. */
export function refuseOneFile(axons: readonly AxonManifest[], platforms: readonly Manifest[]): void {
  const known = new Map<string, AxonManifest>();
  for (const axon of axons) {
    const { file, name, namespace } = axon;
    const other = known.get(file);
    if (other !== undefined) {
      throw misused('axon', name, `is the name of an axon of the namespaces '${other.namespace}' and '${namespace}', and both would be written to ${file}`,
        'write each to its own folder');
    }
    if (platforms.some((platform) => platform.file === file)) {
      throw misused('axon', name, 'would be written to the file of the platform', 'rename it, or write it with --no-platform');
    }
    known.set(file, axon);
  }
}

/**
 * Throws if a file of the folder that would be replaced holds anything but earlier manifests of the same axon or platform. Two axon files
 * that declare one name and namespace cannot be distinguished here: manifests do not record their source file.
 */
export function refuseForeign(folder: string, manifests: readonly Manifest[]): void {
  for (const { file, text, namespace } of manifests) {
    const path = join(folder, file);
    const present = textOf(path);
    if (present === undefined || present === text) {
      continue;
    }
    const objects = objectsOf(present);
    if (objects === undefined) {
      throw misused('output', path, 'exists, and holds something other than manifests of this command', 'write to another folder, or move the file');
    }
    const other = objects.map(({ metadata }) => metadata.namespace).find((found) => found !== undefined && found !== namespace);
    if (other !== undefined) {
      throw misused('output', path, `holds the objects of the namespace '${other}', and would be replaced by those of '${namespace}'`,
        `write to another folder, or remove the file if nothing runs in '${other}' any more`);
    }
  }
}

/** The objects of a file that this command wrote; undefined for any other content. */
function objectsOf(text: string): KubeObject[] | undefined {
  try {
    const objects = loadAll(text) as KubeObject[];
    return objects.every(({ metadata }) => metadata.labels?.[LABEL.MANAGED_BY] === MANAGED_BY) ? objects : undefined;
  } catch {
    return undefined;
  }
}
