import { storedMetricName } from '../contract/names';
import { invalid } from '../problem/error';
import { analyse, substitute, syntaxProblem } from '../promql';

/**
 * An expression of a user with every `{{metric}}` replaced by its stored name in an axon.
 * Throws if it is not PromQL of an instant vector, which Prometheus would report in its log only.
 */
export function storedExpression(prop: string, expression: string, axon: string): string {
  if (expression.trim() === '') {
    throw invalid('empty', prop, expression, 'must not be empty', "write a PromQL comparison, as 'avg_over_time({{auc}}[30m]) < 0.7'");
  }
  const read = substitute(expression, (metric) => (/^[A-Za-z_:][A-Za-z0-9_:-]*$/.test(metric) ? storedMetricName(metric, axon) : undefined));
  const [first] = read.problems;
  if (first !== undefined || read.expression === undefined) {
    const { code, rule, remedy } = syntaxProblem(expression, first ?? { offset: 0, message: 'cannot be read, write a PromQL expression' });
    throw invalid(code, prop, expression, rule, remedy);
  }
  const { type } = analyse(read.expression);
  if (type !== 'vector') {
    throw invalid('promql-type', prop, expression, `is a ${type}, and a condition must be an instant vector`, 'compare a metric with a number');
  }
  return read.expression;
}
