import { children, type Expr } from 'cdk8s-myelin/lib/promql/index.js';

/** How far into the past an expression looks, in milliseconds, the lookback of plain selectors included. */
export function reachMs(expr: Expr, lookbackMs: number): number {
  const shift = 'offsetMs' in expr ? Math.max(expr.offsetMs ?? 0, 0) : 0;
  switch (expr.kind) {
    case 'selector':
      return shift + lookbackMs;
    case 'matrix':
      return shift + expr.rangeMs;
    default:
      return shift + (expr.kind === 'subquery' ? expr.rangeMs : 0) + Math.max(0, ...children(expr).map((child) => reachMs(child, lookbackMs)));
  }
}
