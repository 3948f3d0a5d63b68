import { ProblemCode } from './codes';
import { Phrase } from './phrase';
import { error, Problem, ProblemDetail, ProblemPlace } from './problem';
import { textOf } from './render';

/** An error that carries its problem. Its message is the problem in the words of a program. */
export class ProblemError extends Error {
  public constructor(public readonly problem: Problem) {
    super(textOf(problem, 'program'));
    this.name = 'ProblemError';
  }
}

/** Builds the error of a value that breaks a rule, for the caller to throw. */
export function invalid(code: ProblemCode, prop: string, value: unknown, rule: Phrase, remedy: Phrase, place: ProblemPlace = {}): ProblemError {
  return new ProblemError(error('', code, prop, value, rule, remedy, place));
}

/** Throws when a validator has found something. */
export function requireValid(prop: string, value: unknown, found: ProblemDetail | undefined): void {
  if (found !== undefined) {
    throw invalid(found.code, prop, value, found.rule, found.remedy);
  }
}
