import type { AxonDocument, LedgerDocument } from '../contract/documents.js';

/** The ledger of an axon in which nothing has happened yet. */
export function emptyLedger({ axon, namespace }: Pick<AxonDocument, 'axon' | 'namespace'>): LedgerDocument {
  return { contract: 1, axon, namespace, events: {}, sensors: {}, models: {}, tasks: {} };
}
