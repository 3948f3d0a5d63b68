import { ProblemCode } from './codes';
import { Phrase } from './phrase';
import { error, Problem, ProblemDetail, ProblemPlace } from './problem';
import { textOf } from './render';

/** An error that carries its problem. Its message is the problem in the words of a program. */
export class ProblemError extends Error {
  declare public readonly problem: Problem;

  public constructor(problem: Problem) {
    super(textOf(problem, 'program'));
    this.name = 'ProblemError';
    // Node prints enumerable properties below the message.
    Object.defineProperty(this, 'problem', { value: problem });
  }
}

/** An error that carries all problems of a declaration or a file. */
export class ProblemsError<P = Problem> extends Error {
  declare public readonly problems: readonly P[];

  public constructor(message: string, problems: readonly P[]) {
    super(message);
    this.name = 'ProblemsError';
    Object.defineProperty(this, 'problems', { value: problems });
  }
}

/** Builds the error of a value that breaks a rule, for the caller to throw. */
export function invalid(code: ProblemCode, prop: string, value: unknown, rule: Phrase, remedy: Phrase, place: ProblemPlace = {}): ProblemError {
  return new ProblemError(error('', code, prop, value, rule, remedy, place));
}

/** Throws when a validator has found something. */
export function requireValid(prop: string, value: unknown, found: ProblemDetail | undefined, place: ProblemPlace = {}): void {
  if (found !== undefined) {
    throw invalid(found.code, prop, value, found.rule, found.remedy, place);
  }
}
