import { parsePath } from './json-path.js';
import { jsonAt } from './json-text.js';

export interface DataFilter {
  readonly path: string;
  readonly type: 'string' | 'number' | 'bool';
  readonly value: readonly string[];
  readonly comparator?: '>=' | '>' | '=' | '!=' | '<' | '<=' | '';
}

/**
 * Whether an event's data passes the filters of a dependency. A string filter is a regular expression that may match anywhere in the value:
 * `firing` lets `misfiring` pass.
 * Fails, and the event is discarded, when a path is not there or a filter is none.
 */
export function passes(data: string, filters: readonly DataFilter[] = [], operator: 'and' | 'or' = 'and'): boolean {
  if (filters.length === 0) return true;
  if (operator === 'and') return filters.every((filter) => one(data, filter));
  const problems: string[] = [];
  for (const filter of filters) {
    try {
      if (one(data, filter)) return true;
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  if (problems.length > 0) throw new Error(`data filter errors [${problems.join(' / ')}]`);
  return false;
}

function one(data: string, { path, type, value, comparator }: DataFilter): boolean {
  const raw = jsonAt(data, parsePath(path));
  if (raw === undefined) throw new Error(`data filter error (path '${path}' does not exist)`);
  if (value.length === 0) throw new Error('data filter error (no values specified)');
  const parsed: unknown = JSON.parse(raw);
  switch (type) {
    case 'bool':
      return value.some((text) => bool(text) === (parsed === true || parsed === 'true'));
    case 'number':
      return value.some((text) => compare(comparator, Number(parsed), number(text)));
    case 'string': {
      const actual = typeof parsed === 'string' ? parsed : parsed === null ? '' : raw;
      return value.some((pattern) => new RegExp(pattern, 'u').test(actual) !== (comparator === '!='));
    }
    default:
      throw new Error(`data filter error (unsupported JSON type '${String(type)}')`);
  }
}

function compare(comparator: DataFilter['comparator'], actual: number, wanted: number): boolean {
  switch (comparator) {
    case '>=': return actual >= wanted;
    case '>': return actual > wanted;
    case '<': return actual < wanted;
    case '<=': return actual <= wanted;
    case '!=': return actual !== wanted;
    default: return actual === wanted;
  }
}

function bool(text: string): boolean {
  if (/^(1|t|true)$/i.test(text)) return true;
  if (/^(0|f|false)$/i.test(text)) return false;
  throw new Error(`data filter error (parsing "${text}": invalid syntax)`);
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new Error(`data filter error (parsing "${text}": invalid syntax)`);
  return value;
}
