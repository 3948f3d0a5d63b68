import { SecretValue } from 'cdk8s-plus-27';
import { SecretKeyRef } from '../loop/secret-key';
import { requireValid } from '../problem/error';
import { configKeyProblem, dnsSubdomainProblem } from '../validate/dns';

/**
 * The key of a Secret that a property refers to. No value of a Secret ever enters a manifest: only this reference does.
 *
 * @param prop the property that holds the value
 */
export function secretKeyOf(prop: string, { secret, key }: SecretValue): SecretKeyRef {
  requireValid(`${prop}.secret`, secret.name, dnsSubdomainProblem(secret.name));
  requireValid(`${prop}.key`, key, configKeyProblem(key));
  return { name: secret.name, key };
}

/** The same for a property that can be absent. */
export function optionalSecretKey(prop: string, value: SecretValue | undefined): SecretKeyRef | undefined {
  return value === undefined ? undefined : secretKeyOf(prop, value);
}
