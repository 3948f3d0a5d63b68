import { Loop } from '../loop/loop';
import { axonLabels } from './labels';
import { Manifest } from './manifest';

/** A document of the contract, and the ConfigMap that carries it. */
export interface ContractDocument {
  /** Of the ConfigMap. */
  readonly name: string;
  readonly component: string;
  /** The key in the ConfigMap, which becomes the name of a file. */
  readonly key: string;
  readonly content: object;
}

/** The ConfigMaps that carry documents of the contract to the runtime. */
export function configMaps(loop: Loop, documents: ContractDocument[]): Manifest[] {
  return documents.map(({ name, component, key, content }) => ({
    kind: 'ConfigMap',
    id: name,
    name,
    namespace: loop.namespace,
    labels: axonLabels(loop, component),
    body: { data: { [key]: `${JSON.stringify(content, undefined, 2)}\n` } },
  }));
}
