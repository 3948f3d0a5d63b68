import { detail, ProblemDetail } from '../problem/problem';

export type MetricOperator = '>' | '>=' | '<' | '<=' | '==' | '!=';

/** A comparison of a metric with a number, the metric on the left. */
export interface MetricComparison {
  /** As written, without `{{` and `}}`. */
  readonly metric: string;
  readonly operator: MetricOperator;
  readonly threshold: number;
}

const FLIPPED: Readonly<Record<MetricOperator, MetricOperator>> = { '>': '<', '>=': '<=', '<': '>', '<=': '>=', '==': '==', '!=': '!=' };
const OPERATOR = /(>=|<=|==|!=|>|<)/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const EXAMPLE = "write one such as '{{accuracy}} > 0.9'";

/**
 * The condition of an axon file on a task's metrics: comparisons of a metric with a number, joined by `&&` or `and`, all of which must hold.
 * The metric is `{{name}}`, or a bare name of letters, digits and `_`.
 */
export function metricConditions(condition: string): readonly MetricComparison[] | ProblemDetail {
  if (condition.trim() === '') {
    return detail('empty', 'must not be empty', EXAMPLE);
  }
  if (/\|\||(?:^|[\s)\d}])or(?=[\s({]|$)/i.test(condition)) {
    return detail('condition-format', "must not contain 'or', all comparisons of a condition have to hold", 'use two sensors');
  }
  const found: MetricComparison[] = [];
  for (const part of condition.split(/&&|(?<=[\s\d}.])and(?=[\s\d{.+-]|$)/i)) {
    const comparison = readComparison(part.trim());
    if ('rule' in comparison) {
      return comparison;
    }
    found.push(comparison);
  }
  return found;
}

function readComparison(text: string): MetricComparison | ProblemDetail {
  if (text === '') {
    return detail('condition-format', "has nothing on one side of 'and'", EXAMPLE);
  }
  const pieces = text.split(OPERATOR).map((piece) => piece.trim());
  if (pieces.length === 1) {
    return /(?<![=<>!])=(?!=)/.test(text)
      ? detail('condition-format', `compares '${text}' by '='`, "write '=='")
      : detail('condition-format', `has no comparison in '${text}'`, `${EXAMPLE}, an expression over time is for an Alert trigger`);
  }
  if (pieces.length > 3) {
    return detail('condition-format', `compares twice in '${text}'`, "write two comparisons joined by 'and'");
  }
  const [left, operator, right] = pieces as [string, MetricOperator, string];
  const numbers = [left, right].filter((side) => NUMBER.test(side));
  if (numbers.length === 2) {
    return detail('condition-format', `compares two numbers in '${text}'`, EXAMPLE);
  }
  const flipped = NUMBER.test(left);
  const named = metricName(flipped ? right : left);
  if (typeof named !== 'string') {
    return named;
  }
  if (numbers.length === 0) {
    return numberProblem(right, text);
  }
  const threshold = Number(numbers[0]);
  if (!Number.isFinite(threshold)) {
    return detail('condition-format', `compares with ${numbers[0]}, which is beyond what a number holds`, 'use a number below 1e308');
  }
  return { metric: named, operator: flipped ? FLIPPED[operator] : operator, threshold };
}

function metricName(side: string): string | ProblemDetail {
  if (side === '') {
    return detail('condition-format', 'lacks one side of a comparison', EXAMPLE);
  }
  const placeholder = /^\{\{\s*([A-Za-z_:][\w:.-]*)\s*\}\}$/.exec(side);
  if (placeholder !== null) {
    return placeholder[1];
  }
  if (/^[A-Za-z_:][\w:]*$/.test(side)) {
    return side;
  }
  const dashed = /^[A-Za-z_:][\w:.-]*$/.test(side);
  return detail('condition-format', `has '${side}' where a metric is expected`, dashed ? `write '{{${side}}}'` : `${EXAMPLE}, an expression over time is for an Alert trigger`);
}

function numberProblem(side: string, text: string): ProblemDetail {
  if (side.endsWith('%') && NUMBER.test(side.slice(0, -1))) {
    return detail('condition-format', `compares with ${side}, which is no number`, `write ${Number(side.slice(0, -1)) / 100}`);
  }
  return typeof metricName(side) === 'string'
    ? detail('condition-format', `compares two metrics in '${text}'`, "compare one with a number, or with the live version by a condition of type 'BetterThanLive'")
    : detail('condition-format', `has '${side}' where a number is expected`, EXAMPLE);
}
