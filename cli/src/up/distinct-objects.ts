import { isDeepStrictEqual } from 'node:util';
import { misused } from '../outcome.js';
import { type KubeObject, refOf, refText } from '../pocket/objects/kube-object.js';

/** Objects, and the file that they come from. */
export interface Origin {
  readonly origin: string;
  readonly objects: readonly KubeObject[];
}

/** All objects, each once. Throws if two of one name differ: the later one would replace the other without a message. */
export function distinctObjects(origins: readonly Origin[]): KubeObject[] {
  const found = new Map<string, { readonly origin: string; readonly object: KubeObject }>();
  for (const { origin, objects } of origins) {
    for (const object of objects) {
      const name = refText(refOf(object));
      const first = found.get(name) ?? { origin, object };
      if (!isDeepStrictEqual(first.object, object)) {
        throw misused('file', origin, `holds the object '${name}', which ${first.origin === origin ? 'it' : first.origin} also holds with other content`,
          'leave out one of them, or synthesise the loops again under different names');
      }
      found.set(name, first);
    }
  }
  return [...found.values()].map(({ object }) => object);
}
