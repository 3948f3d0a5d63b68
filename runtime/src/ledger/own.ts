/** The value that a record holds under a key. Names of users may be those of Object's own methods, which every record inherits. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
