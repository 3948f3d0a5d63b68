import type { Matcher } from './matcher.js';

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

/** The instant of `@`: Unix milliseconds, or an end of the query's range. */
export type Instant = number | 'start' | 'end';

/** `offset` and `@` behind a selector, its range or a subquery. */
export interface Shift {
  /** Milliseconds into the past. */
  readonly offsetMs?: number;
  readonly at?: Instant;
}

export interface Selector extends Shift {
  readonly kind: 'selector';
  /** The name is one of them, as a matcher of `__name__`. */
  readonly matchers: readonly Matcher[];
}

export interface Range extends Shift {
  readonly kind: 'range';
  readonly matchers: readonly Matcher[];
  readonly rangeMs: number;
}

export interface Subquery extends Shift {
  readonly kind: 'subquery';
  readonly expr: Expr;
  readonly rangeMs: number;
  readonly stepMs?: number;
}

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expr[];
}

export interface Aggregate {
  readonly kind: 'aggregate';
  readonly operator: string;
  readonly expr: Expr;
  readonly parameter?: Expr;
  readonly without: boolean;
  readonly grouping: readonly string[];
}

/** How the series of two vectors find each other. */
export interface Matching {
  readonly on: boolean;
  readonly labels: readonly string[];
  readonly group?: 'left' | 'right';
  /** The labels of `group_left(…)` or `group_right(…)`. */
  readonly include: readonly string[];
}

export interface Binary {
  readonly kind: 'binary';
  readonly operator: string;
  readonly bool: boolean;
  readonly matching: Matching;
  readonly left: Expr;
  readonly right: Expr;
}

export interface Unary {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly expr: Expr;
}

export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
}

export interface StringLiteral {
  readonly kind: 'string';
  readonly value: string;
}

export interface Paren {
  readonly kind: 'paren';
  readonly expr: Expr;
}

export type Expr = Selector | Range | Subquery | Call | Aggregate | Binary | Unary | NumberLiteral | StringLiteral | Paren;

export const COMPARISONS: readonly string[] = ['==', '!=', '<=', '<', '>=', '>'];
export const SET_OPERATORS: readonly string[] = ['and', 'or', 'unless'];

/** The parts of an expression that are expressions. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'subquery':
    case 'unary':
    case 'paren':
      return [expr.expr];
    case 'call':
      return expr.args;
    case 'aggregate':
      return expr.parameter === undefined ? [expr.expr] : [expr.parameter, expr.expr];
    case 'binary':
      return [expr.left, expr.right];
    default:
      return [];
  }
}

/** How far into the past an expression looks, in milliseconds, the lookback of plain selectors included. */
export function reachMs(expr: Expr, lookbackMs: number): number {
  const shift = 'offsetMs' in expr ? Math.max(expr.offsetMs ?? 0, 0) : 0;
  const own = expr.kind === 'selector' ? lookbackMs : expr.kind === 'range' || expr.kind === 'subquery' ? expr.rangeMs : 0;
  return shift + own + Math.max(0, ...children(expr).map((child) => reachMs(child, lookbackMs)));
}
