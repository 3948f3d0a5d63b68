import { randomBytes } from 'node:crypto';

/** Letters and digits of generated names: no vowels, so that they spell no words. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** Five random letters and digits, as Kubernetes appends them to generated names. */
export function randomSuffix(): string {
  return Array.from(randomBytes(5), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
