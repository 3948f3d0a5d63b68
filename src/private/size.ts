import { Size } from 'cdk8s';

/**
 * A size as the canonical quantity: `2Gi`, not `2048Mi`. Controllers rewrite what they read into
 * this form, and would then own the field.
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
