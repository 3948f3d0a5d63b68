import { nearest } from '../contract/nearest';

/** A remedy for a name that is not known: the nearest that is, or the list of them. */
export function suggest(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near !== undefined) {
    return `did you mean '${near}'?`;
  }
  return known.length === 0 ? 'there is none' : `use one of ${[...known].sort().join(', ')}`;
}
