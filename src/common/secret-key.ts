import { broken } from '../private/errors';

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
    if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name) || name.length > 253) {
      throw broken('name', name, 'must be the name of a Secret: lower case letters, digits, dashes and dots', 'correct it');
    }
    if (!/^[-._a-zA-Z0-9]+$/.test(key)) {
      throw broken('key', key, 'must be a key of a Secret: letters, digits, dashes, dots and underscores', 'correct it');
    }
    return new SecretKey(name, key);
  }

  private constructor(
    /** The Secret's name. */
    public readonly name: string,
    /** The key inside it. */
    public readonly key: string,
  ) {}
}
