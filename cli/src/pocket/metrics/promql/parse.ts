import type { SyntaxNode } from '@lezer/common';
import type { Aggregate, Call, Expr, Instant, Matching, Selector } from './ast.js';
import { check } from './check.js';
import { ExpressionFault } from './faults.js';
import { grammarTree, part, parts } from './grammar.js';
import { NAME } from './labels.js';
import { numberValue, unquote } from './literals.js';
import { matcherOf, type Matcher, type MatchOperator, selectsAll } from './matcher.js';
import { associate, type Piece } from './precedence.js';

/** Reads an expression; fails by name on what the embedded evaluator does not know, and on what Prometheus' type check refuses. */
export function parse(source: string): Expr {
  if (source.trim() === '') throw new ExpressionFault('the expression is empty, write one such as up == 0');
  const [root] = parts(grammarTree(source));
  const expr = new TreeReader(source).expr(root);
  check(expr);
  return expr;
}

// What the grammar nests by its own precedence, which is not Prometheus' for `offset`, `@` and signs.
const FLATTENED = ['BinaryExpr', 'UnaryExpr', 'OffsetExpr', 'StepInvariantExpr', 'MatrixSelector', 'SubqueryExpr', 'AnchoredExpr', 'SmoothedExpr'];
const DEEPEST = 300;
const PLAIN: Matching = { on: false, labels: [], include: [] };

class TreeReader {
  private depth = 0;

  constructor(private readonly source: string) {}

  expr(node: SyntaxNode): Expr {
    if (++this.depth > DEEPEST) throw new ExpressionFault(`the expression nests deeper than ${DEEPEST} levels, split it into recorded rules`);
    const pieces: Piece[] = [];
    this.flatten(node, pieces);
    this.depth--;
    return associate(pieces);
  }

  private flatten(node: SyntaxNode, pieces: Piece[]): void {
    if (!FLATTENED.includes(node.name)) {
      this.operand(node, pieces);
      return;
    }
    const inner = parts(node);
    switch (node.name) {
      case 'UnaryExpr':
        pieces.push({ kind: 'sign', operator: this.text(inner[0]) as '+' | '-' });
        this.flatten(inner[1], pieces);
        return;
      case 'BinaryExpr':
        this.flatten(inner[0], pieces);
        pieces.push(this.operator(inner[1], inner.slice(2, -1)));
        this.flatten(inner[inner.length - 1], pieces);
        return;
      case 'OffsetExpr':
        this.flatten(inner[0], pieces);
        pieces.push({ kind: 'offset', ms: this.duration(inner[2]) });
        return;
      case 'StepInvariantExpr':
        this.flatten(inner[0], pieces);
        pieces.push({ kind: 'at', at: this.instant(inner[2]) });
        return;
      case 'MatrixSelector':
        this.flatten(inner[0], pieces);
        pieces.push({ kind: 'range', rangeMs: this.positive(inner[1]) });
        return;
      case 'SubqueryExpr':
        this.flatten(inner[0], pieces);
        pieces.push({ kind: 'subquery', rangeMs: this.positive(inner[1]), ...(inner[2] && { stepMs: this.positive(inner[2]) }) });
        return;
      default:
        throw new ExpressionFault(`'${this.text(inner[1])}' is experimental, Prometheus refuses it without a feature flag, remove it`);
    }
  }

  /** Anything that is not an operator; a signed number comes out as its sign and the number. */
  private operand(node: SyntaxNode, pieces: Piece[]): void {
    const sign = node.name === 'NumberDurationLiteral' ? /^([+-])\s*/.exec(this.text(node)) : null;
    if (sign !== null) pieces.push({ kind: 'sign', operator: sign[1] as '+' | '-' });
    pieces.push({ kind: 'operand', expr: this.atom(node, sign?.[0].length ?? 0) });
  }

  private atom(node: SyntaxNode, skip: number): Expr {
    switch (node.name) {
      case 'NumberDurationLiteral':
        return { kind: 'number', value: this.number(this.text(node).slice(skip)) };
      case 'StringLiteral':
        return { kind: 'string', value: unquote(this.text(node)) };
      case 'ParenExpr':
        return { kind: 'paren', expr: this.expr(parts(node)[0]) };
      case 'VectorSelector':
        return this.selector(node);
      case 'FunctionCall':
        return this.call(node);
      case 'AggregateExpr':
        return this.aggregate(node);
      default:
        throw new ExpressionFault(`'${this.text(node)}' is no expression, correct it`);
    }
  }

  private selector(node: SyntaxNode): Selector {
    const name = part(node, 'Identifier');
    const braces = part(node, 'LabelMatchers');
    const matchers = [
      ...(name === undefined ? [] : [matcherOf(NAME, '=', this.text(name))]),
      ...(braces === undefined ? [] : parts(braces).map((matcher) => this.matcher(matcher))),
    ];
    if (matchers.filter((matcher) => matcher.name === NAME && matcher.operator === '=').length > 1) {
      throw new ExpressionFault(`'${this.text(node)}' names its metric twice, keep one`);
    }
    if (selectsAll(matchers)) {
      throw new ExpressionFault(`'${this.text(node)}' selects every series, add a name or a matcher that refuses the empty value`);
    }
    return { kind: 'selector', matchers };
  }

  private matcher(node: SyntaxNode): Matcher {
    const [label, operator, value] = parts(node);
    if (node.name === 'QuotedLabelName') return matcherOf(NAME, '=', unquote(this.text(label)));
    const name = node.name === 'QuotedLabelMatcher' ? unquote(this.text(parts(label)[0])) : this.text(label);
    return matcherOf(name, this.text(operator) as MatchOperator, unquote(this.text(value)));
  }

  private call(node: SyntaxNode): Call {
    const [name, body] = parts(node);
    return { kind: 'call', name: this.text(name), args: parts(body).map((arg) => this.expr(arg)) };
  }

  private aggregate(node: SyntaxNode): Aggregate {
    const modifier = part(node, 'AggregateModifier');
    const [by, labels] = modifier === undefined ? [] : parts(modifier);
    const args = parts(part(node, 'FunctionCallBody')!).map((arg) => this.expr(arg));
    const operator = this.text(parts(node)[0]).toLowerCase();
    if (args.length < 1 || args.length > 2) throw new ExpressionFault(`${operator}() takes a vector and at most one parameter, not ${args.length} arguments`);
    return {
      kind: 'aggregate',
      operator,
      expr: args[args.length - 1],
      ...(args.length === 2 && { parameter: args[0] }),
      without: by?.name === 'Without',
      grouping: labels === undefined ? [] : this.labels(labels),
    };
  }

  private operator(node: SyntaxNode, modifiers: readonly SyntaxNode[]): Piece {
    const fill = modifiers.find((modifier) => modifier.name === 'FillModifier');
    if (fill !== undefined) throw new ExpressionFault(`'${this.text(fill)}' is experimental, Prometheus refuses it without a feature flag, remove it`);
    const clause = modifiers.find((modifier) => modifier.name === 'MatchingModifierClause');
    return {
      kind: 'operator',
      operator: this.text(node).toLowerCase(),
      bool: modifiers.some((modifier) => modifier.name === 'BoolModifier'),
      matching: clause === undefined ? PLAIN : this.matching(clause),
    };
  }

  private matching(clause: SyntaxNode): Matching {
    const [type, labels, group, include] = parts(clause);
    return {
      on: type.name === 'On',
      labels: this.labels(labels),
      ...(group && { group: group.name === 'GroupLeft' ? 'left' as const : 'right' as const }),
      include: include === undefined ? [] : this.labels(include),
    };
  }

  private labels(node: SyntaxNode): string[] {
    return parts(node).map((label) => (label.name === 'QuotedLabelName' ? unquote(this.text(parts(label)[0])) : this.text(label)));
  }

  private instant(node: SyntaxNode): Instant {
    const text = this.text(node);
    if (node.name === 'AtModifierPreprocessors') return /start/i.test(text) ? 'start' : 'end';
    return Math.round(this.signed(text) * 1000);
  }

  private positive(node: SyntaxNode): number {
    const ms = this.duration(node);
    if (!(ms > 0)) throw new ExpressionFault(`duration '${this.text(node)}' must be greater than 0, write one such as 5m`);
    return ms;
  }

  private duration(node: SyntaxNode): number {
    return Math.round(this.signed(this.text(node)) * 1000);
  }

  private signed(text: string): number {
    const match = /^([+\-\s]*)([0-9A-Za-z_.]+)$/.exec(text);
    if (match === null) throw new ExpressionFault(`'${text}' is calculated, which Prometheus refuses without a feature flag, write one such as 5m`);
    return (match[1].split('-').length % 2 === 0 ? -1 : 1) * this.number(match[2]);
  }

  private number(text: string): number {
    const value = numberValue(text);
    if (value === undefined) throw new ExpressionFault(`'${text}' is no number, write one such as 0.5, 1e3 or 5m`);
    return value;
  }

  private text(node: SyntaxNode): string {
    return this.source.slice(node.from, node.to);
  }
}
