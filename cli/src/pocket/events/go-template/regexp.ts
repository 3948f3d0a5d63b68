/** What patterns of Go and of JavaScript spell alike: plain characters, classes, groups without a name, `\x{…}` and a few letters behind a backslash. */
const ALIKE = /^(?:\\(?:x\{[\da-fA-F]+\}|[tnrdwDW]|[^\w\s])|\(\?:|\((?!\?)|\[(?!\[|\]|\^\])|[^\\([.])*$/;

/** A pattern of Go. Fails if it uses more than what both spell alike: the rest would be read otherwise. */
export function goPattern(pattern: string): RegExp {
  if (!ALIKE.test(pattern)) throw new Error(`the pattern '${pattern}' uses more of Go's patterns than is supported`);
  return new RegExp(pattern.replace(/\\(?:x\{|.)/gs, (escape) => (escape === '\\x{' ? '\\u{' : escape)), 'u');
}
