import { AtModifier, Expr, Matching, Span } from './ast';
import { ExpressionError } from './syntax-error';

/** An expression taken apart: operands, signs, operators, and what stands behind an operand, in source order. */
export type Piece =
  | { readonly kind: 'operand'; readonly expr: Expr }
  | { readonly kind: 'sign'; readonly operator: '+' | '-' } & Span
  | { readonly kind: 'operator'; readonly operator: string; readonly bool: boolean; readonly matching?: Matching } & Span
  | { readonly kind: 'offset'; readonly ms: number } & Span
  | { readonly kind: 'at'; readonly at: AtModifier } & Span
  | { readonly kind: 'range'; readonly subquery: boolean; readonly rangeMs: number; readonly stepMs?: number } & Span;

const LEVELS: Readonly<Record<string, number>> = {
  'or': 1,
  'and': 2,
  'unless': 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '</': 3,
  '>/': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  'atan2': 5,
  '^': 6,
};
// A sign binds like a multiplication: -a ^ b is -(a ^ b) and -a * b is (-a) * b.
const SIGN_LEVEL = 5;

/**
 * Puts the pieces together by Prometheus' precedence: `offset`, `@` and ranges bind tightest, `^` to the right, the rest to the left.
 *
 * Invariant: pieces are a well-formed sequence, since the grammar accepted it.
 */
export function associate(pieces: readonly Piece[]): Expr {
  let at = 0;

  function climb(least: number): Expr {
    let left = prefix();
    for (let piece = pieces[at]; piece?.kind === 'operator' && LEVELS[piece.operator] >= least; piece = pieces[at]) {
      const level = LEVELS[piece.operator];
      at++;
      const right = climb(piece.operator === '^' ? level : level + 1);
      left = {
        kind: 'binary',
        operator: piece.operator,
        operatorSpan: { start: piece.start, end: piece.end },
        bool: piece.bool,
        ...(piece.matching && { matching: piece.matching }),
        left,
        right,
        start: left.start,
        end: right.end,
      };
    }
    return left;
  }

  function prefix(): Expr {
    const piece = pieces[at++];
    if (piece.kind === 'sign') {
      const expr = climb(SIGN_LEVEL + 1);
      return expr.kind === 'number'
        ? { ...expr, value: piece.operator === '-' ? -expr.value : expr.value, start: piece.start }
        : { kind: 'unary', operator: piece.operator, expr, start: piece.start, end: expr.end };
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
  if (piece.kind === 'range') {
    return ranged(expr, piece);
  }
  if (piece.kind !== 'offset' && piece.kind !== 'at') {
    throw new Error(`unexpected ${piece.kind} behind an operand`);
  }
  const word = piece.kind === 'offset' ? 'offset' : '@';
  if (expr.kind !== 'selector' && expr.kind !== 'matrix' && expr.kind !== 'subquery') {
    throw new ExpressionError(piece.start, `'${word}' must stand right behind a selector, its range or a subquery, move it there`);
  }
  if (piece.kind === 'offset' ? expr.offsetMs !== undefined : expr.at !== undefined) {
    throw new ExpressionError(piece.start, `'${word}' is given twice for one selector, remove one`);
  }
  return { ...expr, ...(piece.kind === 'offset' ? { offsetMs: piece.ms } : { at: piece.at }), end: piece.end };
}

function ranged(expr: Expr, piece: Piece & { kind: 'range' }): Expr {
  const span = { start: expr.start, end: piece.end };
  if (piece.subquery) {
    return { kind: 'subquery', expr, rangeMs: piece.rangeMs, ...(piece.stepMs !== undefined && { stepMs: piece.stepMs }), ...span };
  }
  if (expr.kind !== 'selector') {
    throw new ExpressionError(piece.start, 'a range is only allowed right behind a selector, over any other expression write a subquery such as [5m:1m]');
  }
  if (expr.offsetMs !== undefined || expr.at !== undefined) {
    throw new ExpressionError(piece.start, "a range must stand before 'offset' and '@', as in up[5m] offset 1h");
  }
  return { kind: 'matrix', expr, rangeMs: piece.rangeMs, ...span };
}
