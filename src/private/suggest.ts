import { nearest } from '../validate/suggest';

/** A remedy for a name that is not known: the nearest that is, or the list of them. */
export function suggest(name: string, known: string[]): string {
  const near = nearest(name, known);
  if (near !== undefined) {
    return `did you mean '${near}'?`;
  }
  return known.length === 0 ? 'there is none' : `use one of ${[...known].sort().join(', ')}`;
}
