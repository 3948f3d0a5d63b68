import type { Numbers } from '../contract/documents.js';
import { readMetrics } from '../shared/metrics-text.js';

/** Most metrics of an event. */
const MOST = 100;

/** What an event takes over of the metrics that a step reported. */
export interface EventMetrics {
  readonly metrics: Numbers;
  /** What had to be left out, in words; undefined when nothing had. */
  readonly problem?: string;
}

/** The metrics of an event. What cannot be taken over is left out: a task that succeeded has succeeded. */
export function eventMetrics(text: string): EventMetrics {
  const { metrics, notFinite, misnamed, unreadable } = readMetrics(text);
  if (unreadable !== undefined) return { metrics, problem: `the metrics are ${unreadable}` };
  const entries = Object.entries(metrics);
  const left = [...notFinite.map(([name]) => name), ...misnamed, ...entries.slice(MOST).map(([name]) => name)];
  return {
    metrics: Object.fromEntries(entries.slice(0, MOST)),
    ...(left.length > 0 && { problem: `no finite number under a metric's name, or more than ${MOST}: ${left.join(', ').slice(0, 200)}` }),
  };
}
