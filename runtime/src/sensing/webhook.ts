import type { EventDocument } from '../contract/documents.js';
import { MyelinError } from '../shared/errors.js';
import type { ProgramContext } from '../shared/program.js';
import { reasonOf } from './prometheus.js';

/** First and longest pause between two tries, in milliseconds. */
const PAUSES = { first: 500, longest: 30_000 };
/** Longest wait for an answer, in milliseconds. */
const TIMEOUT = 10_000;

/**
 * Posts an event until it is taken, or not for as long as `patience` milliseconds. A webhook that is not there yet (404, while the EventSource is being made), is busy or broken is tried
 * again. A token that is denied ends the step, since only a new container sees a new Secret; a body that is refused ends it for good.
 */
export async function post(context: ProgramContext, url: string, event: EventDocument, patience: number): Promise<void> {
  const token = context.variable('MYELIN_WEBHOOK_TOKEN');
  const body = JSON.stringify(event);
  const headers = { 'content-type': 'application/json', ...(token !== undefined && token !== '' && { authorization: `Bearer ${token}` }) };
  const began = context.clock.now();
  for (let pause = PAUSES.first; ; pause = Math.min(2 * pause, PAUSES.longest)) {
    const outcome = await once(context, url, { method: 'POST', headers, body });
    if (outcome === undefined) return;
    if (outcome.status === 401 || outcome.status === 403) throw new MyelinError('MYELIN_WEBHOOK_DENIED', { url, status: outcome.status });
    if (outcome.status === 400 || outcome.status === 413) throw new MyelinError('MYELIN_WEBHOOK_REFUSED', { url, status: outcome.status });
    const passed = context.clock.now() - began;
    if (context.signal.aborted || passed + pause > patience) {
      throw new MyelinError('MYELIN_WEBHOOK_UNREACHABLE', { url, seconds: Math.round(passed / 1000), reason: outcome.reason });
    }
    context.log.warn({ url, status: outcome.status, reason: outcome.reason, pause }, 'webhook took no event, trying again');
    await context.clock.sleep(pause, context.signal);
  }
}

interface Refusal {
  /** Undefined when there was no answer. */
  readonly status?: number;
  readonly reason: string;
}

/** Undefined when it was taken. */
async function once(context: ProgramContext, url: string, init: RequestInit): Promise<Refusal | undefined> {
  try {
    const response = await context.fetch(url, { ...init, signal: AbortSignal.any([context.signal, AbortSignal.timeout(TIMEOUT)]) });
    // Read, so that the connection is free again.
    await response.text();
    return response.ok ? undefined : { status: response.status, reason: `it answered ${response.status}` };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}
