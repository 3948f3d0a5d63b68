import { readFileSync } from 'node:fs';
import { transitions } from './transitions.mjs';

/**
 * What changed, and when, in the books of an axon as `loop.sh` follows them: a line for each revision of a ConfigMap, with the time at which it
 * was seen, the ConfigMap's name and its data as JSON.
 */
export function* revisions(file) {
  let books = {};
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const [, at, text] = /^(\S+) \S+ (.*)$/.exec(line);
    const data = JSON.parse(text);
    const next = { ...books };
    for (const name of ['ledger', 'releases']) if (data[`${name}.json`] !== undefined) next[name] = JSON.parse(data[`${name}.json`]);
    const changed = transitions(books, next);
    books = next;
    if (changed.length > 0) yield { at, changed };
  }
}
