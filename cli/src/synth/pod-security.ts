import type { AxonManifest } from './manifests.js';

/** What a namespace can hold its pods to, and why. */
export function podSecurity(namespace: string, axons: AxonManifest[]): string {
  const levels = [...new Set(axons.filter((axon) => axon.namespace === namespace).map(({ podSecurityLevel }) => podSecurityLevel))];
  return `namespace ${namespace} can enforce Pod Security '${levels.join("' and '")}': no pod runs as root or mounts a folder of its node`;
}
