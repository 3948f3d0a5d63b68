import { isObject, type Payload } from './message.js';

/** Largest difference of two numbers that are taken for equal, relative to the larger for those above 1. */
const TOLERANCE = 1e-9;

/** How far the sum of a row may be from 1 for the row to hold probabilities. */
const PROBABILITY_SLACK = 1e-3;

/**
 * Whether an answer turned out right; undefined when truth and answer cannot be compared, as when one has more rows.
 *
 * - Both hold the same values, however they are nested: numbers within 1e-9, a number and the text of it are equal.
 * - The answer has several columns and the truth one value a row: the largest column wins, and the value names it, by class name or index.
 * - Both have several columns, the answer's are probabilities and the truth's one-hot: the largest columns must be the same.
 *
 * A prediction of several rows is right when every row is.
 */
export function isRight(answer: Payload, truth: Payload): boolean | undefined {
  const [one, other] = [unwrapped(answer.value), unwrapped(truth.value)];
  if (isObject(one) || isObject(other)) return sameJson(one, other);
  const answers = flat(answer.value);
  const truths = flat(truth.value);
  if (truths.length === 0) return undefined;
  const columns = answers.length / truths.length;
  if (columns > 1 && Number.isInteger(columns)) {
    if (!hasRowsOf(answer.value, columns, truths.length)) return undefined;
    return truths.every((value, row) => namesLargest(value, answers.slice(row * columns, (row + 1) * columns), answer.names));
  }
  if (columns !== 1) return undefined;
  if (answers.every((value, place) => same(value, truths[place]))) return true;
  return sameClasses(answer.value, truth.value);
}

function namesLargest(truth: unknown, row: readonly unknown[], names: readonly string[] | undefined): boolean {
  const largest = indexOfLargest(row);
  if (names?.length === row.length && names.some((name) => same(name, truth))) return same(names[largest], truth);
  return same(truth, largest);
}

/** Probabilities against a one-hot truth. */
function sameClasses(answer: unknown, truth: unknown): boolean {
  const answers = rowsOf(answer);
  const truths = rowsOf(truth);
  return answers.length === truths.length && answers.every((row, place) => {
    const other = truths[place];
    if (row.length !== other.length) return false;
    const areClasses = row.length > 1 && isProbabilities(row) && isOneHot(other);
    return areClasses ? indexOfLargest(row) === indexOfLargest(other) : row.every((value, at) => same(value, other[at]));
  });
}

function isProbabilities(row: readonly unknown[]): boolean {
  return row.every((value) => typeof value === 'number' && value >= 0 && value <= 1)
    && Math.abs((row as number[]).reduce((sum, value) => sum + value, 0) - 1) <= PROBABILITY_SLACK;
}

function isOneHot(row: readonly unknown[]): boolean {
  const numbers = row.map(Number);
  return numbers.every((value) => value === 0 || value === 1) && numbers.filter((value) => value === 1).length === 1;
}

function indexOfLargest(row: readonly unknown[]): number {
  return row.reduce<number>((best, value, at) => (Number(value) > Number(row[best]) ? at : best), 0);
}

/** One value against another; booleans are 0 and 1, as numpy has them. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  const left = numeric(a);
  const right = numeric(b);
  if (left === undefined || right === undefined) return false;
  return Math.abs(left - right) <= TOLERANCE * Math.max(1, Math.abs(left), Math.abs(right));
}

function numeric(value: unknown): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') value = value.trim() === '' ? undefined : Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function sameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => sameJson(item, b[at]));
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]));
  }
  return same(a, b);
}

/** `7` and `[7]` say the same. */
function unwrapped(value: unknown): unknown {
  while (Array.isArray(value) && value.length === 1) value = value[0];
  return value;
}

function flat(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.flat(Infinity) : [value];
}

function rowsOf(value: unknown): readonly (readonly unknown[])[] {
  if (!Array.isArray(value)) return [[value]];
  return value.some(Array.isArray) ? value.map((row) => flat(row)) : [value];
}

function hasRowsOf(value: unknown, columns: number, count: number): boolean {
  const rows = rowsOf(value);
  return rows.length === count && rows.every((row) => row.length === columns);
}
