import { DOCUMENT_KEY, LABEL, MANAGED_BY, runFolder } from '../contract/constants.js';
import type { AxonDocument, ReleaseDocument } from '../contract/documents.js';
import type { KubeClient } from '../kube/client.js';
import { ConfigMapDocument } from '../kube/config-map-document.js';
import { emptyLedger } from '../ledger/empty.js';

/** The ledger of an axon. */
export function ledgerOf(axon: AxonDocument, kube: KubeClient): ConfigMapDocument<'ledger'> {
  return new ConfigMapDocument(kube, 'ledger', axon.ledger, DOCUMENT_KEY.LEDGER, () => emptyLedger(axon), labelsOf(axon, 'ledger'));
}

/** The release history of an axon as it is now; an empty one before the first deployment. */
export function releasesOf(axon: AxonDocument, kube: KubeClient): Promise<ReleaseDocument> {
  const { axon: name, namespace, releases } = axon;
  return new ConfigMapDocument(kube, 'release', releases, DOCUMENT_KEY.RELEASES, () => ({ contract: 1, axon: name, namespace, releases: [] })).read();
}

/** Labels of the objects of an axon, as they are synthesised. */
export function labelsOf({ axon, labels }: Pick<AxonDocument, 'axon' | 'labels'>, component: string): Record<string, string> {
  return {
    ...labels,
    [LABEL.MANAGED_BY]: MANAGED_BY,
    [LABEL.NAME]: component,
    [LABEL.PART_OF]: axon,
    [LABEL.AXON]: axon,
    [LABEL.COMPONENT]: component,
  };
}

/** Folder of a task's run in the container; empty without a run. */
export function folderOf({ axon, store }: AxonDocument, task: string, run: string | undefined): string {
  return run === undefined ? '' : runFolder(store.path, axon, task, run);
}
