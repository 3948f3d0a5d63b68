import { nearest } from '../../../contract/nearest';
import { ProblemCode } from '../../../problem/codes';
import { Phrase } from '../../../problem/phrase';
import { ProblemDetail } from '../../../problem/problem';

/** A value within pod options that breaks a rule. */
export interface Finding extends ProblemDetail {
  /** The path of the value within the options: `tolerations[0].operator`. */
  readonly at: string;
  readonly value: unknown;
  /** The key of a map that is meant. */
  readonly item?: string;
}

/** A finding. */
export function found(at: string, value: unknown, code: ProblemCode, rule: Phrase, remedy: Phrase): Finding {
  return { at, value, code, rule, remedy };
}

/** The finding of a validator, if it has one. */
export function foundBy(at: string, value: unknown, problem: ProblemDetail | undefined): Finding[] {
  return problem === undefined ? [] : [{ at, value, ...problem }];
}

/**
 * A finding where a value is none of the allowed ones. An absent value is allowed.
 * @param remedy an instruction that fits better than the nearest allowed value
 */
export function notOneOf(at: string, value: unknown, allowed: readonly string[], remedy?: Phrase): Finding[] {
  const rule = `must be ${allowed.length === 1 ? `'${allowed[0]}'` : `one of ${allowed.join(', ')}`}`;
  return value === undefined || allowed.includes(String(value)) ? [] : [found(at, value, 'not-one-of', rule, remedy ?? choose(String(value), allowed))];
}

/** A finding where a value that Kubernetes requires is absent. */
export function missing(at: string, value: unknown, remedy: Phrase): Finding[] {
  return value === undefined || value === '' ? [found(at, value, 'required', 'is required', remedy)] : [];
}

function choose(value: string, allowed: readonly string[]): Phrase {
  const word = allowed.length === 1 ? allowed[0] : nearest(value, allowed);
  return word === undefined ? 'use one of them' : `write '${word}'`;
}
