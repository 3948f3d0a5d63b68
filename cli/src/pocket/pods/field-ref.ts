import type { Pod } from './pod.js';

/** Fields of a pod that variables can show. */
export const FIELD_PATHS = /^(metadata\.(name|namespace|uid|labels\['[^']+'\]|annotations\['[^']+'\])|spec\.(serviceAccountName|nodeName)|status\.(podIP|hostIP))$/;

/** Fields of a pod that only files can show: all labels or all annotations. */
const MAPS = /^metadata\.(labels|annotations)$/;

/** Whether a file can show a field of a pod. */
export function isFileField(path: string): boolean {
  return FIELD_PATHS.test(path) || MAPS.test(path);
}

/** A field of a pod as a text. A whole map has a line for each key, as the kubelet writes it. */
export function fieldOf({ metadata, spec }: Pod, path: string): string {
  const [, map, key] = /^metadata\.(labels|annotations)(?:\['([^']+)'\])?$/.exec(path) ?? [];
  if (map !== undefined) {
    const values = metadata[map as 'labels' | 'annotations'] ?? {};
    return key !== undefined ? values[key] ?? '' : Object.keys(values).sort().map((each) => `${each}=${JSON.stringify(values[each])}`).join('\n');
  }
  switch (path) {
    case 'metadata.name': return metadata.name;
    case 'metadata.namespace': return metadata.namespace ?? 'default';
    case 'metadata.uid': return metadata.uid ?? '';
    case 'spec.serviceAccountName': return spec.serviceAccountName ?? 'default';
    case 'spec.nodeName': return 'laptop';
    case 'status.podIP':
    case 'status.hostIP': return '127.0.0.1';
    default: throw new Error(`'fieldPath' (${path}) is not known to the laptop's cluster`);
  }
}
