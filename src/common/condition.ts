import { Construct } from 'constructs';

/**
 * A question that the gate answers before a sensor's tasks run, with numbers that it
 * records. A metric that is missing is never met.
 */
export interface ICondition {
  /** What is asked, in words, for records and messages. */
  readonly description: string;

  /** @internal */
  _condition(scope: Construct): ConditionSpec;
}

/** @internal */
export type Operator = '>' | '>=' | '<' | '<=';

/** What a condition comes down to, as the gate's document has it. @internal */
export type ConditionSpec =
  | { readonly kind: 'metric'; readonly task?: string; readonly metric: string; readonly operator: Operator; readonly threshold: number }
  | { readonly kind: 'betterThanLive'; readonly model: string; readonly metric: string; readonly direction: 'maximize' | 'minimize'; readonly margin: number }
  | { readonly kind: 'promql'; readonly expression: string };
