import { milliseconds } from './duration.js';
import { evaluateBoolean, nested } from './expression/expr.js';
import { unsuccessful, type NodePhase, type NodeStatus, type RetryStrategy } from './types.js';

/** What becomes of a step after an attempt has ended. */
export type Decision =
  | { readonly next: 'end'; readonly phase: NodePhase; readonly message?: string }
  | { readonly next: 'wait'; readonly milliseconds: number; readonly message: string }
  | { readonly next: 'attempt' };

/**
 * Decides over another attempt, by the rules of Argo. `attempts` are those made so far, in order, all of them ended.
 *
 * Argo waits for the backoff before it looks whether it will retry at all; here a step that will not be retried ends at once. `maxDuration`
 * counts from the start of the first attempt: a step that has run longer than that is not retried, whatever the policy says.
 */
export function decideRetry(attempts: readonly NodeStatus[], strategy: RetryStrategy, now: number): Decision {
  const last = attempts.at(-1)!;
  if (!unsuccessful(last)) return { next: 'end', phase: 'Succeeded' };
  const end = (message?: string): Decision => ({ next: 'end', phase: last.phase, message });
  const { backoff } = strategy;
  const deadline = backoff?.maxDuration ? Date.parse(attempts[0]!.startedAt) + milliseconds(backoff.maxDuration) : Infinity;
  if (now > deadline) return end('Max duration limit exceeded');
  const policy = strategy.retryPolicy ?? (strategy.expression ? 'Always' : 'OnFailure');
  const retried = policy === 'Always' || policy === (last.phase === 'Error' ? 'OnError' : 'OnFailure') || (policy === 'OnTransientError' && isTransient(last));
  if (!retried) return end(last.message);
  if (strategy.limit !== undefined && attempts.length > Number(strategy.limit)) return end('No more retries left');
  if (strategy.expression && !evaluateBoolean(strategy.expression, retryScope(attempts))) return end('retryStrategy.expression evaluated to false');
  if (backoff === undefined) return { next: 'attempt' };
  if (!backoff.duration) throw new Error('no base duration specified for retryStrategy');
  const factor = backoff.factor === undefined ? 1 : Number(backoff.factor);
  const growth = factor > 0 ? factor ** (attempts.length - 1) : 1;
  const wait = Math.min(milliseconds(backoff.duration) * growth, backoff.cap ? milliseconds(backoff.cap) : Infinity);
  const due = Date.parse(last.finishedAt!) + wait;
  if (due > deadline) return end('Backoff would exceed max duration limit');
  return now < due ? { next: 'wait', milliseconds: due - now, message: `Backoff for ${wait / 1000} seconds` } : { next: 'attempt' };
}

/** What the expression of a retry strategy sees. */
function retryScope(attempts: readonly NodeStatus[]): ReturnType<typeof nested> {
  return nested(lastRetry(attempts));
}

/** What tags of an attempt's template stand for; before the first attempt they have these values too. */
export function lastRetry(attempts: readonly NodeStatus[]): [string, string][] {
  const last = attempts.at(-1);
  const duration = last?.finishedAt === undefined ? 0 : (Date.parse(last.finishedAt) - Date.parse(last.startedAt)) / 1000;
  return [
    ['retries', String(Math.max(0, attempts.length - 1))],
    ['lastRetry.exitCode', last === undefined ? '0' : last.outputs?.exitCode ?? '-1'],
    ['lastRetry.status', last?.phase ?? ''],
    ['lastRetry.duration', String(duration)],
    ['lastRetry.message', last?.message ?? ''],
  ];
}

/** The messages that Argo takes for passing trouble of a network or of the API. */
function isTransient({ message = '' }: NodeStatus): boolean {
  return /connection (refused|reset|timed out)|i\/o timeout|TLS handshake timeout|too many requests|etcdserver|transport is closing/i.test(message);
}
