import { ANNOTATION, LABEL } from '../contract/constants.js';
import { KINDS, type KubeClient, type KubeKind, type KubeObject, type KubeOwner } from '../kube/client.js';
import { hasCode, MyelinError } from '../shared/errors.js';
import { sha256 } from '../shared/sha256.js';
import { contains } from './plan/difference.js';
import type { Manifest } from './plan/manifest.js';
import type { ServerObjects } from './plan/objects.js';

/** How often a write is tried that others overtake: controllers write statuses all the time. */
const TRIES = 20;

interface Stored extends KubeObject {
  spec?: object;
}

/** Brings the objects of servers to what they should be. Writes only what differs, so that a second time is none. */
export async function applyServers(kube: KubeClient, servers: readonly ServerObjects[], owner: KubeOwner): Promise<void> {
  for (const { configMap, service, deployment } of servers) {
    await applyObject(kube, KINDS.ConfigMap, configMap, owner);
    await applyObject(kube, KINDS.Service, service, owner);
    await applyObject(kube, KINDS.Deployment, deployment, owner);
  }
}

/** Creates an object, or replaces it when it differs. Fails if the name is another server's, or somebody else's. */
async function applyObject(
  kube: KubeClient, kind: KubeKind, manifest: Manifest & { spec?: object; immutable?: true }, owner: KubeOwner,
): Promise<void> {
  const wanted = {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      // With a digest of what was applied last, a field that is no longer wanted is a difference, too.
      annotations: { ...manifest.metadata.annotations, [ANNOTATION.APPLIED]: sha256(JSON.stringify(manifest)).slice(0, 16) },
      ownerReferences: [owner],
    },
  };
  for (let attempt = 1; ; attempt++) {
    const present = await kube.get<Stored>(kind, manifest.metadata.name);
    try {
      if (present === undefined) {
        await kube.create(kind, wanted);
        return;
      }
      refuseOthers(present, manifest);
      // What cannot change is as it was begun with.
      if (manifest.immutable || contains(present, wanted)) return;
      await kube.replace(kind, merged(present, wanted));
      return;
    } catch (error) {
      const overtaken = hasCode(error, 'MYELIN_KUBE_CONFLICT') || hasCode(error, 'MYELIN_KUBE_EXISTS');
      if (!overtaken || attempt === TRIES) throw error;
    }
  }
}

/** The wanted object with what others added: their labels and annotations, and fields that the API server filled in. */
function merged(present: Stored, wanted: Stored): Stored {
  return {
    ...present,
    ...wanted,
    metadata: {
      ...present.metadata,
      ...wanted.metadata,
      labels: { ...present.metadata.labels, ...wanted.metadata.labels },
      annotations: { ...present.metadata.annotations, ...wanted.metadata.annotations },
    },
    ...(wanted.spec !== undefined && { spec: { ...present.spec, ...wanted.spec } }),
  };
}

/** Names end in 16 bits of a hash: what has that name and another owner's labels is not ours to overwrite. */
function refuseOthers({ metadata: { name, labels = {} } }: KubeObject, wanted: Manifest): void {
  const identity = [LABEL.MODEL, LABEL.NODE, LABEL.BACKEND].map((label) => ({ had: labels[label], wanted: wanted.metadata.labels![label]! }));
  if (identity.some((part) => part.had !== part.wanted)) {
    throw new MyelinError('MYELIN_RELEASE_NAME_TAKEN', {
      name,
      taken: labels[LABEL.MODEL] === undefined ? `a ${wanted.kind} of somebody else` : identity.map(({ had }) => had).join('/'),
      backend: identity.map((part) => part.wanted).join('/'),
    });
  }
}
