import { ProblemCode } from './codes';
import { Phrase } from './phrase';

/** An error stops synthesis; a warning stops it only in strict mode. */
export type Severity = 'error' | 'warning';

/** A value that breaks a rule: which value where, which rule, and what to do. */
export interface Problem {
  /** The rule, by its name in the table of codes. */
  readonly code: ProblemCode;
  readonly severity: Severity;
  /** The path of the construct. Empty when a value is rejected before a construct exists. */
  readonly path: string;
  /** The property, or the path of one: `resources.limits.cpu`. Empty, without a value, when the whole is meant. */
  readonly prop: string;
  /** The item of a list, by index or name, or the key of a map that is meant in `prop`. */
  readonly item?: number | string;
  /** The property of the construct that `prop` is a part of, where that is another one. */
  readonly within?: string;
  readonly value: unknown;
  /** The rest of a sentence that begins with the value. */
  readonly rule: Phrase;
  /** An instruction. */
  readonly remedy: Phrase;
}

/** What a validator returns: it sees a value, but not the property that holds it. */
export type ProblemDetail = Pick<Problem, 'code' | 'rule' | 'remedy'>;

/** The closer place of a problem. */
export type ProblemPlace = Pick<Problem, 'item' | 'within'>;

/** Builds what a validator returns. */
export function detail(code: ProblemCode, rule: Phrase, remedy: Phrase): ProblemDetail {
  return { code, rule, remedy };
}

/** An error of a construct, found when everything has been declared. */
export function error(path: string, code: ProblemCode, prop: string, value: unknown, rule: Phrase, remedy: Phrase, at: ProblemPlace = {}): Problem {
  return { code, severity: 'error', path, prop, ...at, value, rule, remedy };
}

/** A warning of a construct, found when everything has been declared. */
export function warning(path: string, code: ProblemCode, prop: string, value: unknown, rule: Phrase, remedy: Phrase, at: ProblemPlace = {}): Problem {
  return { ...error(path, code, prop, value, rule, remedy, at), severity: 'warning' };
}
