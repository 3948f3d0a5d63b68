import { analyse, type Expr, positionOf } from 'cdk8s-myelin/lib/promql/index.js';
import { ExpressionError } from './errors.js';
import { firstUnsupported } from './unsupported.js';

/** Reads an expression that the evaluator can evaluate; fails on what Prometheus refuses, and by name on what the evaluator does not support. */
export function parse(source: string): Expr {
  const { expr, problems: [problem] } = analyse(source);
  const found = expr === undefined ? problem : problem ?? firstUnsupported(expr);
  if (expr !== undefined && found === undefined) return expr;
  const { line, column } = positionOf(source, found.offset);
  throw new ExpressionError(`${line}:${column}: parse error: ${found.message}`);
}
