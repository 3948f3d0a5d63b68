/**
 * The regular expression of a pattern of file names as Docker matches them: `*` and `?` within one folder, `[a-z]`, `\` before what is meant as it is,
 * and, where `deep`, `**` over any number of folders.
 */
export function globExpression(pattern: string, { deep }: { deep: boolean }): RegExp {
  let expression = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at];
    if (deep && pattern.startsWith('**', at)) {
      at += 1;
      if (pattern[at + 1] === '/') at += 1;
      expression += at === pattern.length - 1 ? '.*' : '(?:.*/)?';
    } else if (char === '*') {
      expression += '[^/]*';
    } else if (char === '?') {
      expression += '[^/]';
    } else if (char === '[' && pattern.indexOf(']', at + 2) > 0) {
      const end = pattern.indexOf(']', at + 2);
      expression += `[${pattern.slice(at + 1, end).replace(/[\\[]/g, '\\$&')}]`;
      at = end;
    } else if (char === '\\' && at + 1 < pattern.length) {
      at += 1;
      expression += literal(pattern[at]);
    } else {
      expression += literal(char);
    }
  }
  return new RegExp(`^${expression}$`, 's');
}

/** Whether a path has a character that stands for others. */
export function isGlob(path: string): boolean {
  return /[*?[]/.test(path);
}

function literal(char: string): string {
  return char.replace(/[$^.*+?()[\]{}|\\/]/, '\\$&');
}
