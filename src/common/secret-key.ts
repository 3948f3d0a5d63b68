import { SecretKeyRef } from '../loop/secret-key';
import { requireValid } from '../problem/error';
import { configKeyProblem, dnsSubdomainProblem } from '../validate/dns';

/**
 * One key of a Kubernetes Secret that exists beside the axon. No secret value ever
 * enters a manifest: only this reference does.
 */
export class SecretKey {
  /**
   * @param name the Secret's name, in the axon's namespace
   * @param key  the key inside it
   */
  public static of(name: string, key: string): SecretKey {
    requireValid('name', name, dnsSubdomainProblem(name));
    requireValid('key', key, configKeyProblem(key));
    return new SecretKey(name, key);
  }

  private constructor(
    /** The Secret's name. */
    public readonly name: string,
    /** The key inside it. */
    public readonly key: string,
  ) {}

  /** @internal */
  public _toData(): SecretKeyRef {
    return { name: this.name, key: this.key };
  }
}
