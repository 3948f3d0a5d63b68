import type { Digest } from '../../ledger/digest.js';

/** One server of a release: a backend of a node of a deployed model. */
export interface ServerIdentity {
  /** Deployed model. */
  readonly model: string;
  /** Model of the graph. */
  readonly node: string;
  readonly backend: string;
}

/** Port of the Service and of the container that answer predictions. */
export const SERVER_PORT = 5000;

/** Port of the metrics, on the pod. */
export const METRICS_PORT = 5001;

/** Name of the Deployment, the Service and the ConfigMap of a server of a version. With the longest name of an axon it has 62 characters. */
export function serverName(axon: string, version: string, { model, node, backend }: ServerIdentity, digest: Digest): string {
  return `${axon}-${version}-${digest(`${model}/${node}/${backend}`).slice(0, 4)}`;
}

/** Name of the VirtualService that the runtime owns and the axon's own delegates to. */
export function routesName(axon: string): string {
  return `${axon}-routes`;
}
