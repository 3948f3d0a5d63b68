import type { LedgerEvent } from '../contract/documents.js';
import { MyelinError, shown } from '../shared/errors.js';
import { isWellFormed, type Digest } from './digest.js';

/** What makes two deliveries the same event. */
export interface EventIdentity {
  readonly axon: string;
  readonly kind: LedgerEvent['kind'];
  /** Task, trigger or run-once sensor. */
  readonly subject: string;
  /** Workflow that ran, or the delivery's own id when no run made the event. */
  readonly runId: string;
  readonly phase: LedgerEvent['phase'];
}

/**
 * Id of an event: the first 16 hex digits of SHA-256 over the JSON array [axon, kind, subject, runId, phase], without spaces.
 * Whoever emits the event again, after a crash or a lost reply, finds the same id.
 *
 * Fails for a part that is not well-formed: JSON writers disagree on how to escape it.
 */
export function eventId(identity: EventIdentity, digest: Digest): string {
  const { axon, kind, subject, runId, phase } = identity;
  for (const [part, got] of Object.entries({ axon, kind, subject, runId, phase })) {
    if (!isWellFormed(got)) throw new MyelinError('MYELIN_EVENT_PART_ILL_FORMED', { part, got: shown(got) });
  }
  return digest(JSON.stringify([axon, kind, subject, runId, phase])).slice(0, 16);
}
