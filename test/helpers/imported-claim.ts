import { IPersistentVolumeClaim, PersistentVolumeClaim } from 'cdk8s-plus-27';
import { testChart } from './manifests';

/** A claim that exists already. */
export function importedClaim(name: string): IPersistentVolumeClaim {
  return PersistentVolumeClaim.fromClaimName(testChart(), 'claim', name);
}
