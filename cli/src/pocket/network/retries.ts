import { HttpRoute } from './virtual-service.js';

/** When a request is sent again, and how often. */
export interface RetryPolicy {
  /** Beside the first. */
  readonly attempts: number;
  /** Whether it depends on more than a refused connection: then the body must be kept to be sent again. */
  readonly onAnswers: boolean;
  readonly retryOn: (outcome: number | 'reset' | 'timeout') => boolean;
}

/**
 * What `retries` of a route means. Without it, and with Istio's default, only what no server has seen goes to another one.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on
 */
export function retryPolicy(retries: HttpRoute['retries']): RetryPolicy {
  const attempts = retries?.attempts ?? 2;
  const conditions = (retries?.retryOn ?? '').split(',').map((condition) => condition.trim()).filter((condition) => condition !== '');
  const statuses = new Set(conditions.filter((condition) => /^\d{3}$/.test(condition)).map(Number));
  const has = (...names: string[]) => names.some((name) => conditions.includes(name));
  const retryOn = (outcome: number | 'reset' | 'timeout'): boolean => {
    if (outcome === 'reset') return has('reset', '5xx', 'gateway-error');
    if (outcome === 'timeout') return has('5xx', 'gateway-error', 'reset');
    return statuses.has(outcome)
      || (outcome >= 500 && has('5xx')) || (outcome >= 502 && outcome <= 504 && has('gateway-error')) || (outcome === 409 && has('retriable-4xx'));
  };
  const onAnswers = attempts > 0 && (statuses.size > 0 || has('5xx', 'gateway-error', 'reset', 'retriable-4xx'));
  return { attempts, onAnswers, retryOn };
}
