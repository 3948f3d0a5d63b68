import { load } from 'js-yaml';
import { unsupported, type Shape, type Unsupported } from './shape.js';

const NO_CONTAINER = { ignored: 'Argo\'s own containers are a part of the engine' } as const;
const PLACEMENT = { ignored: 'there is one machine' } as const;

const OWN: Shape = { each: { fields: { name: 'any', resources: NO_CONTAINER, securityContext: NO_CONTAINER, volumeMounts: NO_CONTAINER } } };

/** What a patch of a pod may change: Argo's own two containers, the volumes that they mount, and where the pod runs. */
const PATCH: Shape = {
  fields: {
    initContainers: OWN,
    containers: OWN,
    volumes: NO_CONTAINER,
    runtimeClassName: PLACEMENT,
    topologySpreadConstraints: PLACEMENT,
  },
};

const ARGO = ['init', 'wait'];

/** What the laptop's cluster cannot do of a patch. */
export function unsupportedPatch(text: string | undefined, path: string): Unsupported[] {
  if (text === undefined) return [];
  const patch = load(text) as { [list in 'initContainers' | 'containers']?: { name?: string }[] };
  const foreign = (['initContainers', 'containers'] as const).flatMap((list) => (patch[list] ?? []).flatMap(({ name = '' }, index) => (
    ARGO.includes(name) ? [] : [{ path: `${path}.${list}[${index}]`, got: name }])));
  return [...foreign, ...unsupported(patch, PATCH, path)];
}
