import { Expr, ExpressionProblem, ValueType } from './ast';
import { check, typeOf } from './check';
import { parse } from './parse';

export { alertProblem } from './alert';
export * from './ast';
export { carries } from './carries';
export { check, typeOf } from './check';
export { AGGREGATIONS, FUNCTIONS } from './functions';
export { durationMs, numberValue } from './literals';
export { parse } from './parse';
export { positionOf, syntaxProblem } from './position';
export { readRegexp } from './regexp';
export { calls, isCondition, selectors, usesAbsent } from './selectors';
export { substitute } from './substitute';
export type { AlertDuties } from './alert';
export type { Signature } from './functions';
export type { Parsed } from './parse';
export type { Position } from './position';
export type { RegexpFacts } from './regexp';
export type { MetricUse } from './selectors';
export type { Placeholder, Substituted } from './substitute';

/** An expression that has been read and type-checked. `expr` and `type` are absent when its syntax is wrong. */
export interface Analysis {
  readonly source: string;
  readonly expr?: Expr;
  readonly type?: ValueType;
  readonly problems: readonly ExpressionProblem[];
}

/** Reads and type-checks an expression. */
export function analyse(source: string): Analysis {
  const { expr, problems } = parse(source);
  return expr === undefined ? { source, problems } : { source, expr, type: typeOf(expr), problems: check(expr) };
}
