/** Characters of a failure that are told; the log has the rest. */
const LONGEST = 400;

/**
 * What a message of a failure says, in one line: its first where it is one of ours (the offender in quotes), else the last, where programs name
 * their error.
 */
export function failureLine(message: string): string {
  const lines = withoutContainer(message.trim()).split('\n');
  const error = lines.filter((line) => line.startsWith('error: ')).at(-1)?.slice('error: '.length);
  const line = error ?? (lines[0].startsWith("'") ? lines[0] : lines.at(-1)!.trim());
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line;
}

/** What a container said, without how the engine of Workflows tells of it; that it ended, where it said nothing. */
function withoutContainer(message: string): string {
  const [, container, code, words] = /^([\w-]+): \w+ \(exit code (\d+)\)(?:: ([^]*))?$/.exec(message) ?? [];
  return container === undefined ? message : words ?? `container ${container} exited with code ${code}`;
}
