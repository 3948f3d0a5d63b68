import type { Digest } from '../../ledger/digest.js';

/** One server of a release: a backend of a node of a deployed model. */
export interface ServerIdentity {
  /** Deployed model. */
  readonly model: string;
  /** Model of the graph. */
  readonly node: string;
  readonly backend: string;
}

/** Name of the Deployment, the Service and the ConfigMap of a server of a version. With the longest name of an axon it has 62 characters. */
export function serverName(axon: string, version: string, { model, node, backend }: ServerIdentity, digest: Digest): string {
  return `${axon}-${version}-${digest(`${model}/${node}/${backend}`).slice(0, 4)}`;
}
