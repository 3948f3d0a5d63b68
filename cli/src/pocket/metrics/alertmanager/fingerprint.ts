import { type Labels, sortedEntries } from '../promql/labels.js';

const SEPARATOR = 255;

/** The name that Alertmanager gives an alert: FNV-1a over its labels, 16 hexadecimal digits. */
export function fingerprint(labels: Labels): string {
  let hash = 0xcbf29ce484222325n;
  const add = (byte: number) => {
    // eslint-disable-next-line no-bitwise -- the hash is defined so
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  };
  for (const part of sortedEntries(labels).flat()) {
    for (const byte of Buffer.from(part)) add(byte);
    add(SEPARATOR);
  }
  return hash.toString(16).padStart(16, '0');
}
