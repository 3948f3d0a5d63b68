import { detail, ProblemDetail } from '../problem/problem';
import { Problem } from './ast';

/** A problem of an expression as rule and remedy, with its place (lines and columns count from 1). */
export function syntaxProblem(source: string, problem: Problem): ProblemDetail {
  const lines = source.slice(0, problem.offset).split('\n');
  const column = lines[lines.length - 1].length + 1;
  const place = source.includes('\n') ? `line ${lines.length}, column ${column}` : `column ${column}`;
  return detail('promql-syntax', `is not valid PromQL at ${place}`, problem.message);
}
