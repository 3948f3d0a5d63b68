import { type Expr, type Matcher, type ExpressionProblem, walk } from 'cdk8s-myelin/lib/promql/index.js';
import { ExpressionError } from './errors.js';
import { matcherOf } from './matcher.js';
import { textOf } from './paren.js';
import { anchored } from './regexp.js';

/** Functions and operators of native histograms, which the embedded Prometheus does not store. */
const NATIVE_HISTOGRAMS: ReadonlySet<string> = new Set([
  'histogram_avg', 'histogram_count', 'histogram_fraction', 'histogram_stddev', 'histogram_stdvar', 'histogram_sum', '</', '>/',
]);
const REMEDY = "is for native histograms, which the embedded evaluator does not support, use another or put a real 'prometheus' on PATH";

/** What Prometheus would evaluate and the embedded evaluator cannot; `expr` has passed the check. */
export function firstUnsupported(expr: Expr): ExpressionProblem | undefined {
  for (const node of walk(expr)) {
    const problem = unsupported(node);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function unsupported(node: Expr): ExpressionProblem | undefined {
  switch (node.kind) {
    case 'selector':
      return node.matchers.map(unsupportedMatcher).find((problem) => problem !== undefined);
    case 'call': {
      if (NATIVE_HISTOGRAMS.has(node.name)) return { offset: node.start, message: `function '${node.name}' ${REMEDY}` };
      const pattern = node.args[4];
      return node.name === 'label_replace' ? refusal(pattern.start, () => anchored(textOf(pattern))) : undefined;
    }
    case 'binary':
      return NATIVE_HISTOGRAMS.has(node.operator) ? { offset: node.operatorSpan.start, message: `operator '${node.operator}' ${REMEDY}` } : undefined;
    default:
      return undefined;
  }
}

function unsupportedMatcher({ name, operator, value, start }: Matcher): ExpressionProblem | undefined {
  return refusal(start, () => matcherOf(name, operator, value));
}

function refusal(offset: number, compile: () => unknown): ExpressionProblem | undefined {
  try {
    compile();
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionError) return { offset, message: error.message };
    throw error;
  }
}
