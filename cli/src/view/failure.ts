/** Characters of a failure that are told; the log has the rest. */
const LONGEST = 400;

/**
 * What a message of a failure says, in one line: its first where it is one of ours (the offender in quotes), else the last, where programs name
 * their error.
 */
export function failureLine(message: string): string {
  const lines = message.trim().split('\n');
  const error = lines.filter((line) => line.startsWith('error: ')).at(-1)?.slice('error: '.length);
  const line = error ?? (lines[0].startsWith("'") ? lines[0] : lines.at(-1)!.trim());
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line;
}
