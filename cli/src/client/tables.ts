/** Rows under headings, in columns as wide as they need. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column].length)));
  const line = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd();
  return [line(headings), ...rows.map(line)];
}

/** How long ago, in the largest unit that leaves a whole number: `12s`, `3m`, `2h`, `5d`. */
export function age(time: string | undefined, now: number): string {
  if (time === undefined) {
    return '-';
  }
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  const [unit, size] = ([['d', 86_400], ['h', 3600], ['m', 60]] as const).find(([, length]) => seconds >= length) ?? ['s', 1];
  return `${Math.floor(seconds / size)}${unit}`;
}
