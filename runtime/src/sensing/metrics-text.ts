import type { Numbers } from '../contract/documents.js';

/** Most metrics of an event. */
const MOST = 100;

/** What could be read of the metrics that a step reported. */
export interface ReadMetrics {
  readonly metrics: Numbers;
  /** What had to be left out, in words; undefined when nothing had. */
  readonly problem?: string;
}

/** Reads a JSON object of finite numbers by name. Whatever else is in it is left out: a task that succeeded has succeeded. */
export function readMetrics(text: string): ReadMetrics {
  if (text.trim() === '') return { metrics: {} };
  let value: unknown;
  try {
    value = JSON.parse(withoutBareNumbers(text));
  } catch {
    return { metrics: {}, problem: 'the metrics are no JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { metrics: {}, problem: 'the metrics are no JSON object' };
  const entries = Object.entries(value);
  const usable = entries.filter(([name, number]) => /^[A-Za-z_][-A-Za-z0-9_:]*$/.test(name) && Number.isFinite(number)).slice(0, MOST);
  const metrics = Object.fromEntries(usable) as Numbers;
  const left = entries.map(([name]) => name).filter((name) => !Object.hasOwn(metrics, name));
  return { metrics, ...(left.length > 0 && { problem: `no finite number under a metric's name, or more than ${MOST}: ${left.join(', ').slice(0, 200)}` }) };
}

/** Python's json writes NaN and Infinity, which JSON does not know. */
function withoutBareNumbers(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|-?\b(?:NaN|Infinity)\b/g, (_, quoted: string | undefined) => quoted ?? 'null');
}
