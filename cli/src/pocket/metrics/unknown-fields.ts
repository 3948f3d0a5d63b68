/** The paths of fields that are given and not among those known: what is not followed is refused by name, never ignored. */
export function unknownFields(path: string, given: object, known: readonly string[]): string[] {
  return Object.entries(given).filter(([name, value]) => value !== undefined && !known.includes(name)).map(([name]) => `${path}.${name}`);
}
