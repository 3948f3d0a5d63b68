import { detail, ProblemDetail } from '../problem/problem';
import { ExpressionProblem } from './ast';

/** A position in a text; lines and columns count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The position of an offset into a text. */
export function positionOf(source: string, offset: number): Position {
  const lines = source.slice(0, offset).split('\n');
  return { line: lines.length, column: lines[lines.length - 1].length + 1 };
}

/** A problem of an expression as rule and remedy, with its place (lines and columns count from 1). */
export function syntaxProblem(source: string, problem: ExpressionProblem): ProblemDetail {
  const { line, column } = positionOf(source, problem.offset);
  const place = source.includes('\n') ? `line ${line}, column ${column}` : `column ${column}`;
  return detail('promql-syntax', `is not valid PromQL at ${place}`, problem.message);
}
