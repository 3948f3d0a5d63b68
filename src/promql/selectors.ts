import { Call, COMPARISONS, Expr, Matcher, Selector, Span, walk } from './ast';

/** A use of a metric in an expression. */
export interface MetricUse extends Span {
  /** Undefined where the selector fixes no name. */
  readonly name?: string;
  /** Without the one that fixes the name. */
  readonly matchers: readonly Matcher[];
  readonly selector: Selector;
}

/** Every selector of an expression, in source order. */
export function selectors(expr: Expr): MetricUse[] {
  const uses: MetricUse[] = [];
  for (const node of walk(expr)) {
    if (node.kind === 'selector') {
      const named = node.matchers.find((m) => m.name === '__name__' && m.operator === '=');
      const name = node.name ?? named?.value;
      const matchers = node.matchers.filter((m) => m !== named);
      uses.push({ ...(name !== undefined && { name }), matchers, selector: node, start: node.start, end: node.end });
    }
  }
  return uses.sort((a, b) => a.start - b.start);
}

/** The calls of one of the functions, outermost first. */
export function calls(expr: Expr, ...names: string[]): Call[] {
  return [...walk(expr)].filter((node): node is Call => node.kind === 'call' && names.includes(node.name));
}

/** Whether an expression asks for what is not there. Such an alert must never start a retrain: no data is no decay. */
export function usesAbsent(expr: Expr): boolean {
  return calls(expr, 'absent', 'absent_over_time').length > 0;
}

/**
 * Whether an expression can come out empty although its series exist, as an alert's condition must.
 *
 * Comparisons filter, unless they say `bool` (then they give 0 or 1, and a 0 fires as well). `and` filters if either side does,
 * `or` if both do, `unless` and `absent` always.
 */
export function isCondition(expr: Expr): boolean {
  switch (expr.kind) {
    case 'binary':
      if (expr.operator === 'or') {
        return isCondition(expr.left) && isCondition(expr.right);
      }
      return (COMPARISONS.includes(expr.operator) && !expr.bool) || expr.operator === 'unless' || isCondition(expr.left) || isCondition(expr.right);
    case 'call':
      // vector(scalar(x > 1)) is never empty: scalar() gives NaN for nothing.
      return expr.name.startsWith('absent') || (expr.name !== 'scalar' && expr.args.some(isCondition));
    case 'aggregate':
      return expr.args.some(isCondition);
    case 'matrix':
    case 'subquery':
    case 'unary':
    case 'paren':
      return isCondition(expr.expr);
    default:
      return false;
  }
}
