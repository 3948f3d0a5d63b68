const UNITS: readonly (readonly [string, number])[] = [
  ['y', 365 * 86_400_000], ['w', 7 * 86_400_000], ['d', 86_400_000], ['h', 3_600_000], ['m', 60_000], ['s', 1000], ['ms', 1],
];
const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Milliseconds of a duration as Prometheus and Alertmanager write it, such as `1h30m`; undefined if it is none. */
export function durationMs(text: string): number | undefined {
  if (text === '0') return 0;
  const match = text === '' ? null : DURATION.exec(text);
  return match === null ? undefined : UNITS.reduce((sum, [, factor], i) => sum + Number(match[i + 1] ?? 0) * factor, 0);
}

/** The value of a number or a duration (its seconds); undefined if it is neither. */
export function numberValue(text: string): number | undefined {
  const lower = text.toLowerCase().replace(/_(?=[0-9a-f])/g, '');
  if (lower === 'inf') return Infinity;
  if (lower === 'nan') return NaN;
  // A leading zero means octal, as far as the digits allow it.
  const value = /^0[0-7]+$/.test(lower) ? parseInt(lower, 8) : Number(lower);
  if (lower !== '' && Number.isFinite(value)) return value;
  const ms = durationMs(text);
  return ms === undefined ? undefined : ms / 1000;
}

const SIMPLE: Readonly<Record<string, string>> = { 'a': '\x07', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v', '\\': '\\', '"': '"', '\'': '\'' };
const ESCAPE = /\\(?:([abfnrtv\\"'])|([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g;

/** The text within quotes; backticks take it as it is. */
export function unquote(literal: string): string {
  const inner = literal.slice(1, -1);
  if (literal.startsWith('`')) return inner;
  return inner.replace(ESCAPE, (_, simple: string | undefined, octal: string | undefined, ...hex: (string | undefined)[]) => {
    if (simple !== undefined) return SIMPLE[simple];
    return String.fromCodePoint(octal !== undefined ? parseInt(octal, 8) : parseInt(hex.slice(0, 3).find((digits) => digits !== undefined)!, 16));
  });
}

/** A value as the HTTP API writes it. */
export function valueText(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
