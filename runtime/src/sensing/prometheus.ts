import { MyelinError } from '../shared/errors.js';

/** Longest wait for an answer, in milliseconds. */
const TIMEOUT = 10_000;

/** The Prometheus HTTP API, as far as gates ask it. Every failure but a refused expression is worth another try. */
export class Prometheus {
  constructor(private readonly url: string, private readonly fetch: typeof globalThis.fetch, private readonly signal: AbortSignal) {}

  /** The alerts with these labels that fire now. */
  async firing(labels: Readonly<Record<string, string>>): Promise<FiringAlert[]> {
    const { alerts } = await this.get<{ alerts: (FiringAlert & { state: string })[] }>('/api/v1/alerts', '');
    return alerts.filter((alert) => alert.state === 'firing' && Object.entries(labels).every(([name, value]) => alert.labels[name] === value));
  }

  /** Values of the samples that an expression gives now; a scalar is one. */
  async samples(expression: string): Promise<number[]> {
    const { resultType, result } = await this.get<QueryData>(`/api/v1/query?${new URLSearchParams({ query: expression })}`, expression);
    switch (resultType) {
      case 'vector': return result.map(({ value: [, text] }) => numberOf(text));
      case 'matrix': return result.flatMap(({ values }) => values.slice(-1).map(([, text]) => numberOf(text)));
      case 'scalar': return [numberOf(result[1])];
      case 'string': return [NaN];
    }
  }

  private async get<Data>(path: string, query: string): Promise<Data> {
    const url = this.url.replace(/\/+$/, '') + path;
    let answer: { status?: string; data?: Data; errorType?: string; error?: string };
    let code: number;
    try {
      const response = await this.fetch(url, { signal: AbortSignal.any([this.signal, AbortSignal.timeout(TIMEOUT)]) });
      code = response.status;
      answer = JSON.parse(await response.text());
    } catch (cause) {
      throw new MyelinError('MYELIN_PROMETHEUS_UNREACHABLE', { url: this.url, reason: reasonOf(cause) }, { cause });
    }
    if (answer.errorType === 'bad_data') throw new MyelinError('MYELIN_PROMETHEUS_REFUSED', { query, reason: answer.error ?? code });
    if (answer.status !== 'success' || answer.data === undefined) {
      throw new MyelinError('MYELIN_PROMETHEUS_UNREACHABLE', { url: this.url, reason: `${code} ${answer.error ?? 'without data'}` });
    }
    return answer.data;
  }
}

/** An alert as Prometheus knows it. */
export interface FiringAlert {
  readonly labels: Readonly<Record<string, string>>;
  /** When its expression began to hold, RFC 3339. */
  readonly activeAt: string;
}

type Sample = readonly [time: number, text: string];

type QueryData =
  | { readonly resultType: 'vector'; readonly result: readonly { readonly value: Sample }[] }
  | { readonly resultType: 'matrix'; readonly result: readonly { readonly values: readonly Sample[] }[] }
  | { readonly resultType: 'scalar'; readonly result: Sample }
  | { readonly resultType: 'string'; readonly result: Sample };

/** Why a call failed; fetch hides the cause one level down. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { message?: string } };
  return cause?.message ? `${message}: ${cause.message}` : message ?? String(error);
}

function numberOf(text: string): number {
  return text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text);
}
