import { Aggregate, Call, Expr, Matcher, Matching, MatchOperator, NumberLiteral, ExpressionProblem, Selector, StringLiteral } from './ast';
import { AGGREGATIONS, EXPERIMENTAL_AGGREGATIONS, FUNCTIONS } from './functions';
import { firstError, GrammarNode, grammarTree, part, parts } from './grammar';
import { durationMs, numberValue, unquote } from './literals';
import { associate, Piece } from './precedence';
import { functionMessage, grammarProblem, lexicalProblem, ExpressionError } from './syntax-error';

/** What became of a text: an expression, or the reasons why it is none. */
export interface Parsed {
  readonly source: string;
  readonly expr?: Expr;
  readonly problems: readonly ExpressionProblem[];
}

/**
 * Reads a PromQL expression. Only its syntax is judged here, types are by `check`.
 *
 * Features behind Prometheus' feature flags (duration arithmetic, `anchored`, `smoothed`, `fill`, experimental functions) are refused by name.
 */
export function parse(source: string): Parsed {
  if (source.trim() === '') {
    return { source, problems: [{ offset: 0, message: 'the expression is empty, write one such as up == 0' }] };
  }
  const lexical = lexicalProblem(source);
  if (lexical !== undefined) {
    return { source, problems: [lexical] };
  }
  const tree = grammarTree(source);
  if (tree === undefined) {
    return { source, problems: [{ offset: 0, message: TOO_DEEP }] };
  }
  const error = firstError(tree);
  if (error !== undefined) {
    return { source, problems: [grammarProblem(source, error)] };
  }
  try {
    return { source, expr: new TreeReader(source).expr(parts(tree)[0]), problems: [] };
  } catch (problem) {
    if (problem instanceof ExpressionError) {
      return { source, problems: [{ offset: problem.offset, message: problem.message }] };
    }
    throw problem;
  }
}

// What the grammar nests by its own precedence, which is not Prometheus' for `offset`, `@` and signs.
const FLATTENED = ['BinaryExpr', 'UnaryExpr', 'OffsetExpr', 'StepInvariantExpr', 'MatrixSelector', 'SubqueryExpr', 'AnchoredExpr', 'SmoothedExpr'];
// Prometheus' lexer takes these for keywords before it thinks of a metric.
const NO_METRIC = ['atan2', 'bool', 'ignoring', 'on', 'group_left', 'group_right', 'inf', 'nan'];
const NO_LABEL = ['without', 'inf', 'nan'];
// Everything below walks the tree by recursion.
const DEEPEST = 500;
const TOO_DEEP = `the expression nests deeper than ${DEEPEST} levels, split it into recorded rules`;

class TreeReader {
  private depth = 0;

  public constructor(private readonly source: string) {}

  public expr(node: GrammarNode): Expr {
    const pieces: Piece[] = [];
    this.flatten(node, pieces);
    return associate(pieces);
  }

  private flatten(node: GrammarNode, pieces: Piece[]): void {
    if (++this.depth > DEEPEST) {
      throw new ExpressionError(node.from, TOO_DEEP);
    }
    this.take(node, pieces);
    this.depth--;
  }

  private take(node: GrammarNode, pieces: Piece[]): void {
    if (!FLATTENED.includes(node.name)) {
      this.operand(node, pieces);
      return;
    }
    const inner = parts(node);
    switch (node.name) {
      case 'UnaryExpr':
        pieces.push({ kind: 'sign', operator: this.sign(inner[0]), start: node.from, end: inner[0].to });
        this.flatten(inner[1], pieces);
        return;
      case 'BinaryExpr': {
        const right = inner[inner.length - 1];
        this.flatten(inner[0], pieces);
        pieces.push(this.operator(inner[1], inner.slice(2, -1)));
        this.flatten(right, pieces);
        return;
      }
      case 'OffsetExpr':
        this.flatten(inner[0], pieces);
        pieces.push({ kind: 'offset', ms: this.duration(inner[2]), start: inner[1].from, end: node.to });
        return;
      case 'StepInvariantExpr':
        this.flatten(inner[0], pieces);
        pieces.push({ kind: 'at', at: this.instant(inner[2]), start: inner[1].from, end: node.to });
        return;
      case 'MatrixSelector':
      case 'SubqueryExpr': {
        this.flatten(inner[0], pieces);
        const [range, step] = inner.slice(1).map((d) => this.positive(d));
        pieces.push({ kind: 'range', subquery: node.name === 'SubqueryExpr', rangeMs: range, stepMs: step, start: inner[0].to, end: node.to });
        return;
      }
      default:
        throw new ExpressionError(inner[1].from, `'${this.text(inner[1])}' is experimental, Prometheus refuses it without a feature flag, remove it`);
    }
  }

  /** Anything that is not an operator; a signed number comes out as its sign and the number. */
  private operand(node: GrammarNode, pieces: Piece[]): void {
    const text = this.text(node);
    if (node.name === 'NumberDurationLiteral' && /^[+-]/.test(text)) {
      pieces.push({ kind: 'sign', operator: text[0] as '+' | '-', start: node.from, end: node.from + 1 });
      const start = node.from + /^[+-]\s*/.exec(text)![0].length;
      pieces.push({ kind: 'operand', expr: this.number(start, node.to) });
      return;
    }
    pieces.push({ kind: 'operand', expr: this.atom(node) });
  }

  private atom(node: GrammarNode): Expr {
    switch (node.name) {
      case 'NumberDurationLiteral':
        return this.number(node.from, node.to);
      case 'StringLiteral':
        return this.string(node);
      case 'ParenExpr':
        return { kind: 'paren', expr: this.expr(parts(node)[0]), start: node.from, end: node.to };
      case 'VectorSelector':
        return this.selector(node);
      case 'FunctionCall':
        return this.call(node);
      case 'AggregateExpr':
        return this.aggregate(node);
      default:
        throw new ExpressionError(node.from, `found '${this.text(node)}', expected an expression`);
    }
  }

  private selector(node: GrammarNode): Selector {
    const name = part(node, 'Identifier');
    const braces = part(node, 'LabelMatchers');
    if (name !== undefined && NO_METRIC.includes(this.text(name).toLowerCase())) {
      throw new ExpressionError(name.from, `'${this.text(name)}' is a keyword, select such a metric as {__name__="${this.text(name)}"}`);
    }
    return {
      kind: 'selector',
      ...(name && { name: this.text(name) }),
      matchers: braces === undefined ? [] : parts(braces).map((m) => this.matcher(m)),
      ...(braces && { braces: { start: braces.from, end: braces.to } }),
      start: node.from,
      end: node.to,
    };
  }

  private matcher(node: GrammarNode): Matcher {
    const span = { start: node.from, end: node.to };
    const [label, operator, value] = parts(node);
    if (node.name === 'QuotedLabelName') {
      return { name: '__name__', operator: '=', value: this.string(label).value, ...span };
    }
    const name = node.name === 'QuotedLabelMatcher' ? this.string(parts(label)[0]).value : this.text(label);
    return { name, operator: this.text(operator) as MatchOperator, value: this.string(value).value, ...span };
  }

  private call(node: GrammarNode): Call {
    const [identifier, body] = parts(node);
    const name = this.text(identifier);
    if (!FUNCTIONS.has(name)) {
      throw new ExpressionError(identifier.from, functionMessage(name));
    }
    return { kind: 'call', name, args: parts(body).map((a) => this.expr(a)), start: node.from, end: node.to };
  }

  private aggregate(node: GrammarNode): Aggregate {
    const [operatorNode] = parts(node);
    const operator = this.text(operatorNode).toLowerCase();
    if (EXPERIMENTAL_AGGREGATIONS.has(operator)) {
      throw new ExpressionError(node.from, `aggregation '${operator}' is experimental, Prometheus refuses it without a feature flag, use topk`);
    }
    if (!AGGREGATIONS.has(operator)) {
      throw new ExpressionError(node.from, functionMessage(operator));
    }
    const modifier = part(node, 'AggregateModifier');
    const [by, labels] = modifier === undefined ? [] : parts(modifier);
    return {
      kind: 'aggregate',
      operator,
      args: parts(part(node, 'FunctionCallBody')!).map((a) => this.expr(a)),
      without: by?.name === 'Without',
      grouping: labels === undefined ? [] : this.labels(labels),
      start: node.from,
      end: node.to,
    };
  }

  private operator(node: GrammarNode, modifiers: readonly GrammarNode[]): Piece {
    const fill = modifiers.find((m) => m.name === 'FillModifier');
    if (fill !== undefined) {
      throw new ExpressionError(fill.from, `'${this.text(fill)}' is experimental, Prometheus refuses it without a feature flag, remove it`);
    }
    const clause = modifiers.find((m) => m.name === 'MatchingModifierClause');
    return {
      kind: 'operator',
      operator: this.text(node).toLowerCase(),
      bool: modifiers.some((m) => m.name === 'BoolModifier'),
      ...(clause && { matching: this.matching(clause) }),
      start: node.from,
      end: node.to,
    };
  }

  private matching(clause: GrammarNode): Matching {
    const [type, labels, group, include] = parts(clause);
    return {
      on: type.name === 'On',
      labels: this.labels(labels),
      ...(group && { group: group.name === 'GroupLeft' ? 'left' as const : 'right' as const }),
      include: include === undefined ? [] : this.labels(include),
    };
  }

  private labels(node: GrammarNode): string[] {
    return parts(node).map((label) => {
      const name = this.text(label);
      if (NO_LABEL.includes(name.toLowerCase())) {
        throw new ExpressionError(label.from, `'${name}' is a keyword, write such a label in quotes as "${name}"`);
      }
      return label.name === 'QuotedLabelName' ? this.string(parts(label)[0]).value : name;
    });
  }

  private instant(node: GrammarNode): number | 'start' | 'end' {
    if (node.name === 'AtModifierPreprocessors') {
      return this.text(node).toLowerCase() as 'start' | 'end';
    }
    const text = this.text(node);
    const skip = /^[+-]?\s*/.exec(text)![0].length;
    const seconds = this.number(node.from + skip, node.to).value;
    if (!Number.isFinite(seconds) || seconds >= 2 ** 63) {
      throw new ExpressionError(node.from, `'@ ${text}' is no point in time, write Unix seconds`);
    }
    return text.startsWith('-') ? -seconds : seconds;
  }

  private positive(node: GrammarNode): number {
    const ms = this.duration(node);
    if (!(ms > 0)) {
      throw new ExpressionError(node.from, `duration '${this.text(node)}' must be greater than 0, write one such as 5m`);
    }
    return ms;
  }

  /** Signs and one literal; a bare number is seconds. All else is duration arithmetic. */
  private duration(node: GrammarNode): number {
    const text = this.text(node);
    const match = /^([+\-\s]*)([0-9A-Za-z_.]+)$/.exec(text);
    if (match === null) {
      throw new ExpressionError(node.from, `duration '${text}' is calculated, which Prometheus refuses without a feature flag, write it as one such as 5m`);
    }
    const value = this.number(node.from + match[1].length, node.to).value;
    if (!(Math.abs(value) < 2 ** 63 / 1e9)) {
      throw new ExpressionError(node.from, `duration '${text}' is out of range, Prometheus counts up to 292 years`);
    }
    return (match[1].split('-').length % 2 === 0 ? -1 : 1) * Math.round(value * 1000);
  }

  private number(start: number, end: number): NumberLiteral {
    const text = this.source.slice(start, end);
    const ms = durationMs(text);
    const value = ms === undefined ? numberValue(text) : ms / 1000;
    if (value === undefined) {
      throw new ExpressionError(start, `'${text}' is no number Prometheus can hold, write one such as 0.5, 1e3 or 5m`);
    }
    // The grammar reads `1atan2 x` as a number and an operator, Prometheus does not.
    if (/\w/.test(this.source[end] ?? '')) {
      throw new ExpressionError(start, `the number ${text} runs into a word, put a space behind it`);
    }
    return { kind: 'number', value, start, end };
  }

  private string(node: GrammarNode): StringLiteral {
    const result = unquote(this.text(node));
    if ('message' in result) {
      throw new ExpressionError(node.from, result.message);
    }
    return { kind: 'string', value: result.value, start: node.from, end: node.to };
  }

  private sign(node: GrammarNode): '+' | '-' {
    return this.text(node) as '+' | '-';
  }

  private text(node: GrammarNode): string {
    return this.source.slice(node.from, node.to);
  }
}
