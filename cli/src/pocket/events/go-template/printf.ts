import { float, plain, typeName, type GoValue } from './values.js';

/** fmt.Sprintf for the values of templates: the verbs v, s, d, f, g, e, q, t, x and %, with width, precision and the flags - 0 +. */
export function sprintf(format: string, values: readonly GoValue[]): string {
  let used = 0;
  const text = format.replace(/%([-+0]*)(\d*)(?:\.(\d*))?([A-Za-z%])/g, (_, flags: string, width: string, precision: string | undefined, verb: string) => {
    if (verb === '%') return '%';
    if (used >= values.length) return `%!${verb}(MISSING)`;
    const value = values[used++]!;
    const formatted = one(verb, value, precision === undefined ? undefined : Number(precision), flags.includes('+'));
    const size = Number(width);
    if (formatted.length >= size) return formatted;
    if (flags.includes('-')) return formatted.padEnd(size);
    return flags.includes('0') && typeof value !== 'string' ? formatted.replace(/^[-+]?/, (sign) => sign.padEnd(size - formatted.length + sign.length, '0')) : formatted.padStart(size);
  });
  const extra = values.slice(used);
  return extra.length === 0 ? text : `${text}%!(EXTRA ${extra.map((value) => `${typeName(value)}=${plain(value)}`).join(', ')})`;
}

function one(verb: string, value: GoValue, precision: number | undefined, signed: boolean): string {
  const sign = (text: string): string => (signed && !text.startsWith('-') ? `+${text}` : text);
  if (verb === 'v') return typeof value === 'number' || typeof value === 'bigint' ? sign(plain(value)) : plain(value);
  if (value === null) return `%!${verb}(<nil>)`;
  if (typeof value === 'string') {
    if (verb === 's') return precision === undefined ? value : [...value].slice(0, precision).join('');
    if (verb === 'q') return quoted(value);
    if (verb === 'x') return Buffer.from(value).toString('hex');
  }
  if (typeof value === 'bigint' && (verb === 'd' || verb === 'x')) return sign(value.toString(verb === 'd' ? 10 : 16));
  if (typeof value === 'boolean' && verb === 't') return String(value);
  if (typeof value === 'number') {
    if (verb === 'f') return sign(value.toFixed(precision ?? 6));
    if (verb === 'e') return sign(value.toExponential(precision ?? 6).replace(/e([-+])(\d)$/, 'e$10$2'));
    if (verb === 'g') return sign(precision === undefined ? float(value) : float(Number(value.toPrecision(precision || 1))));
  }
  if (Array.isArray(value)) return `[${value.map((item) => one(verb, item, precision, signed)).join(' ')}]`;
  return `%!${verb}(${typeName(value)}=${plain(value)})`;
}

/** A string as Go quotes it. */
export function quoted(text: string): string {
  // JSON differs only in what no event carries: Go writes \x07 where JSON writes \u0007.
  return JSON.stringify(text).replace(/\\u00([01][0-9a-f])/g, '\\x$1');
}
