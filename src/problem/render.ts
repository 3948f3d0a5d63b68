import { Phrase } from './phrase';
import { Problem } from './problem';
import { shown } from './shown';

/** Properties of a construct, and the keys of the file that they come from, as paths in its section. */
export type Words = Readonly<Record<string, string>>;

/** Programs read the names of properties, files the keys that `words` gives for them. */
export type Audience = 'program' | { readonly words: Words };

/** The sentence of a problem: `'prop' (value) rule, remedy`. */
export function textOf(problem: Problem, audience: Audience): string {
  const { prop, value, rule, remedy } = problem;
  const sentence = `${written(rule, audience)}, ${written(remedy, audience)}`;
  return prop === '' && value === undefined ? sentence : `'${nameOf(prop, audience)}' (${shown(value)}) ${sentence}`;
}

function written(phrase: Phrase, audience: Audience): string {
  if (typeof phrase === 'string') {
    return phrase;
  }
  if ('prop' in phrase) {
    return `'${nameOf(phrase.prop, audience)}'`;
  }
  if ('program' in phrase) {
    return written(audience === 'program' ? phrase.program : phrase.file, audience);
  }
  return phrase.map((part) => written(part, audience)).join('');
}

/** The last key of the path that a property comes from. */
function nameOf(prop: string, audience: Audience): string {
  const path = audience !== 'program' && Object.hasOwn(audience.words, prop) ? audience.words[prop] : prop;
  return path === prop ? prop : path.slice(path.lastIndexOf('.') + 1);
}
