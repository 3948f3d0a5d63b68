import type { Expr } from 'cdk8s-myelin/lib/promql/index.js';

/** The expression within its parentheses. */
export function unwrapped(expr: Expr): Exclude<Expr, { kind: 'paren' }> {
  return expr.kind === 'paren' ? unwrapped(expr.expr) : expr;
}

/** The text of an expression that passed the check as a string. */
export function textOf(expr: Expr): string {
  const inner = unwrapped(expr);
  if (inner.kind !== 'string') throw new Error(`a ${inner.kind} passed the check as a string`);
  return inner.value;
}
