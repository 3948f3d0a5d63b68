const LONGEST = 120;

/** A value as messages show it. */
export function shown(value: unknown): string {
  if (typeof value === 'string') {
    return withoutCredentials(value);
  }
  if (typeof value === 'number' || value === undefined) {
    return String(value);
  }
  const text = withoutCredentials(JSON.stringify(value));
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}

/** A text with its URLs as they may be shown: the part before the `@` may be a password or a token. */
export function withoutCredentials(text: string): string {
  return text.replace(/(:\/\/)[^/@\s]+@/g, '$1***@');
}
