/** Values as Go sees them: a number of JSON is a float64, a number of a template is an int (bigint here), and one is not taken for the other. */
export type GoValue = string | boolean | number | bigint | null | readonly GoValue[] | { readonly [key: string]: GoValue };

export function isMap(value: GoValue): value is { readonly [key: string]: GoValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Keys in the order of Go, which is that of their bytes. */
export function keysOf(map: { readonly [key: string]: GoValue }): string[] {
  return Object.keys(map).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** Whether `if` takes a value for true: all but the empty ones. */
export function truth(value: GoValue): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isMap(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** How Go names the type of a value in its messages. */
export function typeName(value: GoValue): string {
  if (value === null) return 'nil';
  if (Array.isArray(value)) return '[]interface {}';
  return { string: 'string', boolean: 'bool', number: 'float64', bigint: 'int', object: 'map[string]interface {}' }[typeof value as 'string'];
}

/** A value as `%v` prints it. */
export function plain(value: GoValue): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(plain).join(' ')}]`;
  if (isMap(value)) return `map[${keysOf(value).map((key) => `${key}:${plain(value[key]!)}`).join(' ')}]`;
  return typeof value === 'number' ? float(value) : String(value);
}

/** A float64 as `%v` prints it: 1e+06 from seven digits before the point on. */
export function float(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
