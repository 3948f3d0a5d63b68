import { Duration, Size } from 'cdk8s';
import { invalid } from '../problem/error';

/** A duration in the unit that manifests and documents count in. */
export function wholeSeconds(prop: string, duration: Duration): number {
  const milliseconds = duration.toMilliseconds({ integral: false });
  if (milliseconds % 1000 !== 0) {
    throw invalid('not-whole', prop, `${milliseconds} ms`, 'must be whole seconds', 'round it');
  }
  return milliseconds / 1000;
}

/**
 * A size as the canonical quantity: `2Gi`, not `2048Mi`. Controllers rewrite other forms into this one, and would
 * then own the field.
 */
export function sizeQuantity(size: Size): string {
  const units = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
  let amount = size.toKibibytes();
  let unit = 0;
  while (amount > 0 && amount % 1024 === 0 && unit < units.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${amount}${units[unit]}`;
}
