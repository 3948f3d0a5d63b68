import { createHash, randomUUID } from 'node:crypto';
import { escapeHtml, escapeSeparators } from '../json-text.js';
import { quoted, sprintf } from './printf.js';
import { goPattern } from './regexp.js';
import { isMap, keysOf, plain, truth, typeName, type GoValue } from './values.js';

type Kind = 'string' | 'int' | 'bool' | 'map' | 'any';

export interface GoFunction {
  /** What each argument must be; Go does not convert. */
  readonly takes: readonly Kind[];
  /** What any further argument must be; none when absent. */
  readonly more?: Kind;
  readonly call: (...values: any[]) => GoValue;
}

/** The functions of text/template and those of sprig that triggers use. What needs a clock, a network or a key is not among them. */
export const FUNCTIONS: Readonly<Record<string, GoFunction>> = {
  index: { takes: ['any'], more: 'any', call: index },
  printf: { takes: ['string'], more: 'any', call: (format: string, ...values: GoValue[]) => sprintf(format, values) },
  print: { takes: [], more: 'any', call: (...values: GoValue[]) => print(values) },
  println: { takes: [], more: 'any', call: (...values: GoValue[]) => `${values.map(plain).join(' ')}\n` },
  len: { takes: ['any'], call: length },
  not: { takes: ['any'], call: (value) => !truth(value) },
  eq: { takes: ['any'], more: 'any', call: (first, ...others: GoValue[]) => others.some((other) => compare(first, other) === 0) },
  ne: { takes: ['any', 'any'], call: (a, b) => compare(a, b) !== 0 },
  lt: { takes: ['any', 'any'], call: (a, b) => compare(a, b) < 0 },
  le: { takes: ['any', 'any'], call: (a, b) => compare(a, b) <= 0 },
  gt: { takes: ['any', 'any'], call: (a, b) => compare(a, b) > 0 },
  ge: { takes: ['any', 'any'], call: (a, b) => compare(a, b) >= 0 },

  sha256sum: { takes: ['string'], call: (text) => createHash('sha256').update(text).digest('hex') },
  sha1sum: { takes: ['string'], call: (text) => createHash('sha1').update(text).digest('hex') },
  uuidv4: { takes: [], call: () => randomUUID() },
  trunc: { takes: ['int', 'string'], call: (size: bigint, text: string) => trunc(Number(size), text) },
  substr: { takes: ['int', 'int', 'string'], call: (from: bigint, to: bigint, text: string) => substr(Number(from), Number(to), text) },
  default: { takes: ['any'], more: 'any', call: (fallback, ...given: GoValue[]) => (given.length > 0 && truth(given[0]!) ? given[0]! : fallback) },
  coalesce: { takes: [], more: 'any', call: (...values: GoValue[]) => values.find(truth) ?? null },
  empty: { takes: ['any'], call: (value) => !truth(value) },
  ternary: { takes: ['any', 'any', 'bool'], call: (yes: GoValue, no: GoValue, test: boolean): GoValue => (test ? yes : no) },
  // The name is also that of a method of all objects, which the compiler takes for its type.
  toString: { takes: ['any'] as const, call: plain },
  toJson: { takes: ['any'], call: (value) => escapeHtml(json(value)) },
  toRawJson: { takes: ['any'], call: (value) => escapeSeparators(json(value)) },
  kindIs: { takes: ['string', 'any'], call: (kind: string, value) => kind === kindOf(value) },
  lower: { takes: ['string'], call: (text: string) => text.toLowerCase() },
  upper: { takes: ['string'], call: (text: string) => text.toUpperCase() },
  trim: { takes: ['string'], call: (text: string) => text.trim() },
  trimPrefix: { takes: ['string', 'string'], call: (start: string, text: string) => (text.startsWith(start) ? text.slice(start.length) : text) },
  trimSuffix: { takes: ['string', 'string'], call: (end: string, text: string) => (text.endsWith(end) ? text.slice(0, text.length - end.length) : text) },
  replace: { takes: ['string', 'string', 'string'], call: (old: string, fresh: string, text: string) => text.split(old).join(fresh) },
  contains: { takes: ['string', 'string'], call: (part: string, text: string) => text.includes(part) },
  hasPrefix: { takes: ['string', 'string'], call: (start: string, text: string) => text.startsWith(start) },
  hasSuffix: { takes: ['string', 'string'], call: (end: string, text: string) => text.endsWith(end) },
  regexMatch: { takes: ['string', 'string'], call: (pattern: string, text: string) => goPattern(pattern).test(text) },
  quote: { takes: [], more: 'any', call: (...values: GoValue[]) => values.filter((value) => value !== null).map((value) => quoted(plain(value))).join(' ') },
  squote: { takes: [], more: 'any', call: (...values: GoValue[]) => values.filter((value) => value !== null).map((value) => `'${plain(value)}'`).join(' ') },
  b64enc: { takes: ['string'], call: (text) => Buffer.from(text).toString('base64') },
  b64dec: { takes: ['string'], call: (text) => Buffer.from(text, 'base64').toString() },
  join: { takes: ['string', 'any'], call: (separator: string, list) => (Array.isArray(list) ? list.filter((item) => item !== null).map(plain).join(separator) : plain(list)) },
  list: { takes: [], more: 'any', call: (...values: GoValue[]) => values },
  first: { takes: ['any'], call: (list) => items(list)[0] ?? null },
  last: { takes: ['any'], call: (list) => items(list).at(-1) ?? null },
  hasKey: { takes: ['map', 'string'], call: (map: GoValue, key: string) => isMap(map) && Object.hasOwn(map, key) },
  get: { takes: ['map', 'string'], call: (map: GoValue, key: string) => (isMap(map) && Object.hasOwn(map, key) ? map[key]! : '') },
  int: { takes: ['any'], call: integer },
  int64: { takes: ['any'], call: integer },
  add: { takes: [], more: 'any', call: (...values: GoValue[]) => values.map(integer).reduce((sum, value) => sum + value, 0n) },
  sub: { takes: ['any', 'any'], call: (a, b) => integer(a) - integer(b) },
};

/** Calls by Go's rules on arguments. Fails as a template does that is run. */
export function callFunction(name: string, values: readonly GoValue[]): GoValue {
  const { takes, more, call } = FUNCTIONS[name]!;
  if (values.length < takes.length || (more === undefined && values.length > takes.length)) {
    throw new Error(`wrong number of args for ${name}: want ${more === undefined ? '' : 'at least '}${takes.length} got ${values.length}`);
  }
  values.forEach((value, at) => check(name, takes[at] ?? more!, value));
  return call(...values);
}

function check(name: string, kind: Kind, value: GoValue): void {
  // A map may be nil, and then holds nothing.
  if (kind === 'any' || (kind === 'map' && value === null)) return;
  const expected = kind === 'map' ? 'map[string]interface {}' : kind;
  if (value === null) throw new Error(`error calling ${name}: invalid value; expected ${expected}`);
  if (typeName(value) !== expected) throw new Error(`error calling ${name}: wrong type for value; expected ${expected}; got ${typeName(value)}`);
}

function index(value: GoValue, ...keys: GoValue[]): GoValue {
  return keys.reduce<GoValue>((at, key) => {
    if (at === null) throw new Error('error calling index: index of untyped nil');
    if (Array.isArray(at) || typeof at === 'string') {
      if (typeof key !== 'bigint') throw new Error(`error calling index: cannot index slice/array with type ${typeName(key)}`);
      if (key < 0n || key >= at.length) throw new Error(`error calling index: index out of range: ${key}`);
      return typeof at === 'string' ? BigInt(Buffer.from(at)[Number(key)]!) : at[Number(key)]!;
    }
    if (!isMap(at)) throw new Error(`error calling index: can't index item of type ${typeName(at)}`);
    if (typeof key !== 'string') throw new Error(`error calling index: value has type ${typeName(key)}; should be string`);
    return Object.hasOwn(at, key) ? at[key]! : null;
  }, value);
}

function length(value: GoValue): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value));
  if (Array.isArray(value)) return BigInt(value.length);
  if (isMap(value)) return BigInt(Object.keys(value).length);
  throw new Error(`error calling len: len of ${value === null ? 'nil pointer' : `type ${typeName(value)}`}`);
}

/** Below zero, zero or above it. Go compares only what is of one kind. */
function compare(a: GoValue, b: GoValue): number {
  if (a === null || b === null) return a === b ? 0 : 1;
  if (typeof a !== typeof b || typeof a === 'object') throw new Error('error calling eq: incompatible types for comparison');
  return a < b! ? -1 : a > b! ? 1 : 0;
}

function print(values: readonly GoValue[]): string {
  return values.map((value, at) => {
    const before = values[at - 1];
    return (at > 0 && typeof value !== 'string' && typeof before !== 'string' ? ' ' : '') + plain(value);
  }).join('');
}

/** Of the end when it is below zero. Go counts bytes: a character that is cut through is lost. */
function trunc(size: number, text: string): string {
  const bytes = Buffer.from(text);
  if (size < 0 && bytes.length + size > 0) return bytes.subarray(bytes.length + size).toString();
  return size >= 0 && bytes.length > size ? bytes.subarray(0, size).toString() : text;
}

/** As Go writes it: keys in order. Fails for a number that JSON can be read into and not be written from. */
function json(value: GoValue): string {
  if (Array.isArray(value)) return `[${value.map(json).join(',')}]`;
  if (isMap(value)) return `{${keysOf(value).map((key) => `${json(key)}:${json(value[key]!)}`).join(',')}}`;
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`json: unsupported value: ${plain(value)}`);
  return typeof value === 'bigint' || Object.is(value, -0) ? plain(value) : JSON.stringify(value);
}

/** The kind of a value as Go's reflection names it. */
function kindOf(value: GoValue): string {
  if (value === null) return 'invalid';
  if (Array.isArray(value)) return 'slice';
  return isMap(value) ? 'map' : typeName(value);
}

function substr(from: number, to: number, text: string): string {
  if (from < 0) return text.slice(0, to);
  return to < 0 || to > text.length ? text.slice(from) : text.slice(from, to);
}

function items(list: GoValue): readonly GoValue[] {
  if (!Array.isArray(list)) throw new Error(`cannot find items on type ${typeName(list)}`);
  return list;
}

function integer(value: GoValue): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return BigInt(Math.trunc(value));
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'string' && /^[-+]?\d+$/.test(value) ? BigInt(value) : 0n;
}
