import { Secret, SecretValue } from 'cdk8s-plus-27';
import { testChart } from './manifests';

/** A key of a Secret that exists already. */
export function secretValue(name: string, key: string): SecretValue {
  return { secret: Secret.fromSecretName(testChart(), 'secret', name), key };
}
