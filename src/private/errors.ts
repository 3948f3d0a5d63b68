import { Phrase } from '../problem/phrase';
import { error } from '../problem/problem';
import { textOf } from '../problem/render';

/** The text of a problem in an axon file. */
export function message(prop: string, got: unknown, rule: Phrase, remedy: Phrase): string {
  return textOf(error('', 'required', prop, got, rule, remedy), { words: {} });
}
