/**
 * The last line of what a program wrote, where it names its error; the log has the rest. Empty when there is none.
 *
 * @param longest characters; a longer line is cut off at its end
 */
export function lastLine(text: string, longest: number): string {
  const line = text.trimEnd().split('\n').at(-1)!.trim();
  return line.length > longest ? `${line.slice(0, longest)}...` : line;
}
