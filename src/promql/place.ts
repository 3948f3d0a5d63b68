import { detail, ProblemDetail } from '../problem/problem';
import { ExpressionProblem } from './ast';
import { positionOf } from './position';

/** A problem of an expression as rule and remedy, with its place (lines and columns count from 1). */
export function syntaxProblem(source: string, problem: ExpressionProblem): ProblemDetail {
  const { line, column } = positionOf(source, problem.offset);
  const place = source.includes('\n') ? `line ${line}, column ${column}` : `column ${column}`;
  return detail('promql-syntax', `is not valid PromQL at ${place}`, problem.message);
}
