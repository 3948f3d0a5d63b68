import { METRIC_NAME_PATTERN } from '../contract/constants.js';
import type { Numbers } from '../contract/documents.js';

/** What a metrics file holds. */
export interface MetricsText {
  /** The finite numbers with the name of a metric. */
  readonly metrics: Numbers;
  /** Entries with the name of a metric that are no finite number, with their values. */
  readonly notFinite: readonly (readonly [name: string, value: unknown])[];
  /** Names of the other entries. */
  readonly misnamed: readonly string[];
  /** Why none of the file could be read; absent when it could. */
  readonly unreadable?: 'no JSON' | 'no JSON object';
}

const NOTHING = { metrics: {}, notFinite: [], misnamed: [] } as const;

/**
 * Reads the content of a metrics file: a JSON object of numbers by name. NaN and Infinity, which Python writes as bare words, are the texts of
 * those names, and so no finite numbers. Whether what is left out is a warning or a failure is the caller's decision.
 *
 * @param text undefined when there is no file
 */
export function readMetrics(text: string | undefined): MetricsText {
  if (text === undefined || text.trim() === '') return NOTHING;
  let content: unknown;
  try {
    content = JSON.parse(withQuotedWords(text));
  } catch {
    return { ...NOTHING, unreadable: 'no JSON' };
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return { ...NOTHING, unreadable: 'no JSON object' };
  const entries = Object.entries(content);
  const named = entries.filter(([name]) => METRIC_NAME_PATTERN.test(name));
  return {
    metrics: Object.fromEntries(named.filter(([, value]) => Number.isFinite(value))) as Numbers,
    notFinite: named.filter(([, value]) => !Number.isFinite(value)),
    misnamed: entries.filter(([name]) => !METRIC_NAME_PATTERN.test(name)).map(([name]) => name),
  };
}

function withQuotedWords(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (word) => (word.startsWith('"') ? word : JSON.stringify(word)));
}
