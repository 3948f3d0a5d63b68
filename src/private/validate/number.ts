import { Fault, fault } from './fault';

/** What a number must satisfy. */
export interface NumberRule {
  /** Inclusive. */
  readonly min?: number;
  /** Inclusive. */
  readonly max?: number;
  /** Exclusive. */
  readonly above?: number;
  /** Exclusive. */
  readonly below?: number;
  readonly integer?: boolean;
}

/** NaN and infinity pass through cdk8s into manifests as null or text, so every number is checked. */
export function numberProblem(value: unknown, rule: NumberRule = {}): Fault | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return fault('must be a finite number', 'write one such as 1 or 0.5');
  }
  if (rule.integer && !Number.isInteger(value)) {
    return fault('must be a whole number', `use ${Math.round(value)}`);
  }
  if (rule.integer && !Number.isSafeInteger(value)) {
    return fault('is too large to be counted exactly', `use at most ${Number.MAX_SAFE_INTEGER}`);
  }
  if (rule.min !== undefined && value < rule.min) {
    return fault(`must be at least ${rule.min}`, 'raise it');
  }
  if (rule.above !== undefined && value <= rule.above) {
    return fault(`must be more than ${rule.above}`, 'raise it');
  }
  if (rule.max !== undefined && value > rule.max) {
    return fault(`must be at most ${rule.max}`, 'lower it');
  }
  if (rule.below !== undefined && value >= rule.below) {
    return fault(`must be less than ${rule.below}`, 'lower it');
  }
  return undefined;
}
