import { DOCUMENT_KEY, feedbackFolder, LABEL, runFolder, SERVER_PORT } from '../../contract/constants.js';
import type { ModelDocument, Release, ServerDocument } from '../../contract/documents.js';
import type { Digest } from '../../ledger/digest.js';
import { MyelinError } from '../../shared/errors.js';
import { serverLabels } from './labels.js';
import type { ConfigMapManifest, DeploymentManifest, ServiceManifest } from './manifest.js';
import { serverName, type ServerIdentity } from './names.js';
import { serverPod } from './pod.js';

/** The objects of one server of a release, in the order in which they are needed. */
export interface ServerObjects {
  readonly configMap: ConfigMapManifest;
  readonly service: ServiceManifest;
  readonly deployment: DeploymentManifest;
}

/**
 * The objects of all servers of a release. They follow from the document and the release alone: what the release was begun with is what it serves,
 * whatever has been trained or built since.
 *
 * Fails if two servers get one name, whose first 16 bits of a hash are equal; and if the release has no run for a trainer.
 */
export function releaseObjects(
  document: ModelDocument, release: Release, parameters: ReadonlyMap<string, string>, digest: Digest,
): ServerObjects[] {
  const { axon, model } = document;
  const names = new Map<string, string>();
  return document.models.flatMap((node) => node.backends.map((backend) => {
    const identity: ServerIdentity = { model, node: node.name, backend: backend.name };
    const name = serverName(axon, release.version, identity, digest);
    const taken = names.get(name);
    if (taken !== undefined) throw new MyelinError('MYELIN_RELEASE_NAME_TAKEN', { name, taken, backend: `${node.name}/${backend.name}` });
    names.set(name, `${node.name}/${backend.name}`);

    const run = release.runs[backend.trainer];
    if (run === undefined) throw new MyelinError('MYELIN_RELEASE_TRAINER_NEW', { trainer: backend.trainer, version: release.version });
    const selector = serverLabels(axon, release.version, identity);
    const own = { ...selector, [LABEL.METRICS]: 'true' };
    const labels = { ...document.labels, ...own };
    const template = serverPod(document, {
      server: backend.server,
      image: release.images[backend.server.name] ?? backend.server.image,
      folder: runFolder(document.store.path, axon, backend.trainer, run),
      configMap: name,
      labels: own,
      selector,
      parameters,
    });
    return {
      configMap: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, labels },
        immutable: true,
        data: { [DOCUMENT_KEY.SERVER]: `${JSON.stringify(serverDocument(document, release.version, identity), undefined, 2)}\n` },
      },
      service: {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, labels },
        spec: { selector, ports: [{ name: 'http', port: SERVER_PORT, targetPort: 'http' }] },
      },
      deployment: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, labels },
        spec: {
          replicas: document.replicas,
          progressDeadlineSeconds: 300,
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          selector: { matchLabels: selector },
          template,
        },
      },
    } satisfies ServerObjects;
  }));
}

function serverDocument(document: ModelDocument, version: string, { model, node, backend }: ServerIdentity): ServerDocument {
  const { axon, namespace, store, capture } = document;
  return {
    contract: 1,
    axon,
    namespace,
    model,
    version,
    node,
    backend,
    store: store.path,
    ...(capture !== undefined && { capture: { path: feedbackFolder(store.path, axon, model), ...capture } }),
  };
}
