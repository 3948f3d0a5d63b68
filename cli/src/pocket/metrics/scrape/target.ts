import type { Labels } from '../promql/labels.js';

/** An address that metrics are read from. */
export interface Target {
  /** Tells targets apart: `serviceMonitor/<namespace>/<name>/<endpoint>`, as the operator names scrape jobs. */
  readonly job: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly params: Readonly<Record<string, readonly string[]>>;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  /** What every sample of it gets. */
  readonly labels: Labels;
}

/** What the view shows of a target. */
export interface TargetState {
  readonly url: string;
  readonly job: string;
  readonly labels: Labels;
  readonly health: 'up' | 'down' | 'unknown';
  /** Empty when it is fine. */
  readonly lastError: string;
  /** Unix milliseconds; undefined before the first scrape. */
  readonly lastScrape?: number;
  readonly lastDurationMs?: number;
  readonly intervalMs?: number;
  readonly timeoutMs?: number;
}

export function urlOf({ host, port, path, params }: Target): string {
  const pairs = Object.entries(params).flatMap(([name, values]) => values.map((value): [string, string] => [name, value]));
  const query = new URLSearchParams(pairs).toString();
  return `http://${host}:${port}${path}${query === '' ? '' : `?${query}`}`;
}
