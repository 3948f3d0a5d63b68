/** Milliseconds since 1970 of a time as documents hold it. */
export function timeOf(text: string): number {
  return Date.parse(text);
}

/** A time as documents hold it: RFC 3339 in UTC. */
export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
