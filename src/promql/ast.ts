/** Where something stands in the source: zero-based UTF-16 offsets, the end is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A problem of an expression, and its offset in the text. */
export interface ExpressionProblem {
  readonly offset: number;
  readonly message: string;
}

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';
export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** One condition of a selector on a label; `__name__` when the metric's name is quoted inside the braces. */
export interface Matcher extends Span {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

/** The instant of `@`: Unix seconds, or an end of the query's range. */
export type AtModifier = number | 'start' | 'end';

/** `offset` and `@` may stand behind a selector, a range and a subquery. */
export interface Shift {
  /** Milliseconds into the past. */
  readonly offsetMs?: number;
  readonly at?: AtModifier;
}

export interface Selector extends Span, Shift {
  readonly kind: 'selector';
  /** The name before the braces. */
  readonly name?: string;
  readonly matchers: readonly Matcher[];
  /** From `{` to behind `}`; absent for a bare name. */
  readonly braces?: Span;
}

export interface Matrix extends Span, Shift {
  readonly kind: 'matrix';
  /** `offset` and `@` are those of the range: the selector has none of its own. */
  readonly expr: Selector;
  readonly rangeMs: number;
}

export interface Subquery extends Span, Shift {
  readonly kind: 'subquery';
  readonly expr: Expr;
  readonly rangeMs: number;
  readonly stepMs?: number;
}

export interface Call extends Span {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expr[];
}

export interface Aggregate extends Span {
  readonly kind: 'aggregate';
  /** Lower case. */
  readonly operator: string;
  readonly args: readonly Expr[];
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

export interface Binary extends Span {
  readonly kind: 'binary';
  /** Lower case. */
  readonly operator: string;
  readonly operatorSpan: Span;
  readonly bool: boolean;
  readonly matching?: Matching;
  readonly left: Expr;
  readonly right: Expr;
}

export interface Unary extends Span {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly expr: Expr;
}

export interface NumberLiteral extends Span {
  readonly kind: 'number';
  /** A duration is its seconds. */
  readonly value: number;
}

export interface StringLiteral extends Span {
  readonly kind: 'string';
  readonly value: string;
}

export interface Paren extends Span {
  readonly kind: 'paren';
  readonly expr: Expr;
}

export type Expr = Selector | Matrix | Subquery | Call | Aggregate | Binary | Unary | NumberLiteral | StringLiteral | Paren;

export const COMPARISONS: readonly string[] = ['==', '!=', '<=', '<', '>=', '>'];
export const SET_OPERATORS: readonly string[] = ['and', 'or', 'unless'];

/** The parts of an expression that are expressions, in source order. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'matrix':
    case 'subquery':
    case 'unary':
    case 'paren':
      return [expr.expr];
    case 'call':
    case 'aggregate':
      return expr.args;
    case 'binary':
      return [expr.left, expr.right];
    default:
      return [];
  }
}

/** The expression and all below it, outermost first. */
export function* walk(expr: Expr): Generator<Expr> {
  yield expr;
  for (const child of children(expr)) {
    yield* walk(child);
  }
}
