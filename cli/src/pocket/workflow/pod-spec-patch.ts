import { load } from 'js-yaml';
import { found, unsupported, type Shape, type Unsupported } from './shape.js';

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

/** What the laptop's cluster cannot do of a patch. A blank patch changes nothing. */
export function unsupportedPatch(text: string | undefined, path: string): Unsupported[] {
  if (text === undefined || text.trim() === '') return [];
  let patch: unknown;
  try {
    patch = load(text);
  } catch {
    return [found(path, text)];
  }
  return patch === null ? [found(path, text)] : [...foreign(patch, path), ...unsupported(patch, PATCH, path)];
}

/** The containers that are not Argo's. The shape reports lists and containers of another type. */
function foreign(patch: unknown, path: string): Unsupported[] {
  return ['initContainers', 'containers'].flatMap((list) => {
    const containers = (patch as Record<string, unknown>)[list];
    return !Array.isArray(containers) ? [] : containers.flatMap((container: unknown, index) => {
      const { name = '' } = (container ?? {}) as { readonly name?: string };
      return ARGO.includes(name) ? [] : [{ path: `${path}.${list}[${index}]`, got: name }];
    });
  });
}
