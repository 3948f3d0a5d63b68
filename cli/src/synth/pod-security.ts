import type { AxonManifest } from './manifests.js';

/** What a namespace must allow its pods, and why. */
export function podSecurity(namespace: string, axons: AxonManifest[]): string {
  const demanding = axons.filter((axon) => axon.namespace === namespace && axon.podSecurityLevel !== 'restricted');
  const [first] = demanding;
  return first === undefined
    ? `namespace ${namespace} can enforce Pod Security 'restricted': no pod runs as root or touches its node`
    : `namespace ${namespace} needs Pod Security '${first.podSecurityLevel}': the store of ${demanding.map(({ name }) => name).join(' and ')} is a folder of the node`;
}
