import type { Expr, Instant, Matching } from './ast.js';
import { ExpressionFault } from './faults.js';

/** An expression taken apart: operands, signs, operators, and what stands behind an operand, in source order. */
export type Piece =
  | { readonly kind: 'operand'; readonly expr: Expr }
  | { readonly kind: 'sign'; readonly operator: '+' | '-' }
  | { readonly kind: 'operator'; readonly operator: string; readonly bool: boolean; readonly matching: Matching }
  | { readonly kind: 'offset'; readonly ms: number }
  | { readonly kind: 'at'; readonly at: Instant }
  | { readonly kind: 'range'; readonly rangeMs: number }
  | { readonly kind: 'subquery'; readonly rangeMs: number; readonly stepMs?: number };

const LEVELS: Readonly<Record<string, number>> = {
  'or': 1, 'and': 2, 'unless': 2, '==': 3, '!=': 3, '<': 3, '<=': 3, '>': 3, '>=': 3, '+': 4, '-': 4, '*': 5, '/': 5, '%': 5, 'atan2': 5, '^': 6,
};
// A sign binds like a multiplication: -a ^ b is -(a ^ b) and -a * b is (-a) * b.
const SIGN_LEVEL = 5;

/**
 * Puts the pieces together by Prometheus' precedence: `offset`, `@` and ranges bind tightest, `^` to the right, the rest to the left.
 * The grammar for editors nests them otherwise.
 */
export function associate(pieces: readonly Piece[]): Expr {
  let at = 0;

  function climb(least: number): Expr {
    let left = prefix();
    for (let piece = pieces[at]; piece?.kind === 'operator'; piece = pieces[at]) {
      const level = LEVELS[piece.operator];
      if (level === undefined) throw new ExpressionFault(`operator '${piece.operator}' is unknown to the embedded evaluator, use a real prometheus`);
      if (level < least) break;
      at++;
      const right = climb(piece.operator === '^' ? level : level + 1);
      left = { kind: 'binary', operator: piece.operator, bool: piece.bool, matching: piece.matching, left, right };
    }
    return left;
  }

  function prefix(): Expr {
    const piece = pieces[at++];
    if (piece.kind === 'sign') {
      const expr = climb(SIGN_LEVEL + 1);
      return { kind: 'unary', operator: piece.operator, expr };
    }
    let expr = (piece as Piece & { kind: 'operand' }).expr;
    for (let behind = pieces[at]; behind !== undefined && behind.kind !== 'operator'; behind = pieces[at]) {
      at++;
      expr = modify(expr, behind);
    }
    return expr;
  }

  return climb(0);
}

function modify(expr: Expr, piece: Piece): Expr {
  if (piece.kind === 'subquery') {
    return { kind: 'subquery', expr, rangeMs: piece.rangeMs, ...(piece.stepMs !== undefined && { stepMs: piece.stepMs }) };
  }
  if (piece.kind === 'range') {
    if (expr.kind !== 'selector' || expr.offsetMs !== undefined || expr.at !== undefined) {
      throw new ExpressionFault('a range stands right behind a selector and before its offset, over anything else write a subquery such as [5m:1m]');
    }
    return { kind: 'range', matchers: expr.matchers, rangeMs: piece.rangeMs };
  }
  if (piece.kind !== 'offset' && piece.kind !== 'at') throw new ExpressionFault(`a ${piece.kind} cannot stand behind an operand`);
  if (expr.kind !== 'selector' && expr.kind !== 'range' && expr.kind !== 'subquery') {
    throw new ExpressionFault("'offset' and '@' stand right behind a selector, its range or a subquery, move it there");
  }
  if (piece.kind === 'offset' ? expr.offsetMs !== undefined : expr.at !== undefined) {
    throw new ExpressionFault(`'${piece.kind === 'offset' ? 'offset' : '@'}' is given twice for one selector, remove one`);
  }
  return { ...expr, ...(piece.kind === 'offset' ? { offsetMs: piece.ms } : { at: piece.at }) };
}
