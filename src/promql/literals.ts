const UNITS: readonly (readonly [string, number])[] = [
  ['y', 365 * 86_400_000], ['w', 7 * 86_400_000], ['d', 86_400_000], ['h', 3_600_000], ['m', 60_000], ['s', 1000], ['ms', 1],
];
const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
// Prometheus counts nanoseconds in 64 bits.
const LONGEST_MS = 2 ** 63 / 1e6;

/** Milliseconds of a duration such as `1h30m`, or `0`; undefined if it is none, or longer than Prometheus can count (292 years). */
export function durationMs(text: string): number | undefined {
  if (text === '0') {
    return 0;
  }
  const match = text === '' ? null : DURATION.exec(text);
  if (match === null) {
    return undefined;
  }
  const total = UNITS.reduce((sum, [, factor], i) => sum + Number(match[i + 1] ?? 0) * factor, 0);
  return total < LONGEST_MS ? total : undefined;
}

/** The value of a number literal (decimal, hexadecimal, octal, `Inf`, `NaN`); undefined if it is none. */
export function numberValue(text: string): number | undefined {
  const lower = text.toLowerCase();
  if (lower === 'inf') {
    return Infinity;
  }
  if (lower === 'nan') {
    return NaN;
  }
  if (lower.includes('_') && /_(?![0-9a-f])|(?<![0-9a-fx])_/.test(lower)) {
    return undefined;
  }
  const plain = lower.replace(/_/g, '');
  // A leading zero means octal, as far as the digits allow it: `010` is 8 but `09` is 9.
  const value = /^0[0-7]+$/.test(plain) ? parseInt(plain, 8) : Number(plain);
  return plain !== '' && Number.isFinite(value) ? value : undefined;
}

const SIMPLE: Readonly<Record<string, string>> = { 'a': '\x07', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v', '\\': '\\' };

/** The text within quotes, escapes resolved as Prometheus does; a message when the literal is malformed. */
export function unquote(literal: string): { readonly value: string } | { readonly message: string } {
  const mark = literal[0];
  if (literal.length < 2 || !literal.endsWith(mark)) {
    return { message: `string ${literal} is not closed, end it with ${mark}` };
  }
  const inner = literal.slice(1, -1);
  if (mark === '`') {
    return { value: inner };
  }
  let value = '';
  for (let i = 0; i < inner.length;) {
    if (inner[i] !== '\\') {
      value += inner[i++];
      continue;
    }
    const escape = readEscape(inner.slice(i + 1), mark);
    if (escape === undefined) {
      return { message: `unknown escape '${inner.slice(i, i + 2)}' in string ${literal}, double the backslash or use \`backticks\`` };
    }
    value += escape.text;
    i += 1 + escape.length;
  }
  return { value };
}

function readEscape(rest: string, quoted: string): { text: string; length: number } | undefined {
  const c = rest[0];
  if (c === quoted) {
    return { text: c, length: 1 };
  }
  if (c !== undefined && SIMPLE[c] !== undefined) {
    return { text: SIMPLE[c], length: 1 };
  }
  const coded = /^(?:[0-7]{3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/.exec(rest)?.[0];
  if (coded === undefined) {
    return undefined;
  }
  const octal = /^[0-7]/.test(coded);
  const point = octal ? parseInt(coded, 8) : parseInt(coded.slice(1), 16);
  const byte = octal || coded.startsWith('x');
  const valid = byte ? point <= 255 : point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
  return valid ? { text: String.fromCodePoint(point), length: coded.length } : undefined;
}
