import { Store } from './contract/documents';
import { Loop } from './loop';

/** The axon's store as a contract document has it. */
export function storeDocument(loop: Loop, path: string): Store {
  const { claim, claimName, hostPath } = loop.identity.storage;
  return claimName === undefined ? { kind: 'host-path', hostPath: hostPath!, path } : { kind: 'claim', claim: claimName, path, ...(claim && { access: claim.access }) };
}
