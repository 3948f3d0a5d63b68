import type { AxonDocument, LedgerDocument, LedgerEvent } from '../contract/documents.js';
import { timeOf } from '../shared/time.js';
import { own } from './own.js';
import { prune } from './prune.js';

/** An event as it was observed. */
export interface SeenEvent {
  readonly id: string;
  readonly event: LedgerEvent;
  /** The time that the delivery itself tells, RFC 3339 in UTC. Absent when it tells none, or the event is seen where it happens: it cannot be late. */
  readonly told?: string;
}

/**
 * Writes events down, each once, and forgets what the ledger has no room for. What it forgot it does not take up again: a delivery older
 * than the horizon is a late duplicate. Returns the same ledger when nothing is new.
 */
export function record(ledger: LedgerDocument, axon: AxonDocument, seen: readonly SeenEvent[]): LedgerDocument {
  const fresh = seen.filter((one) => !isKnown(ledger, one.id) && !isLate(ledger, one));
  if (fresh.length === 0) return ledger;
  const events = { ...ledger.events, ...Object.fromEntries(fresh.map(({ id, event }) => [id, event])) };
  return prune({ ...ledger, events }, axon, new Set(fresh.map(({ id }) => id)));
}

/** Whether an event happened before the time up to which the ledger forgot. */
export function isLate(ledger: LedgerDocument, { told }: SeenEvent): boolean {
  return ledger.pruned !== undefined && told !== undefined && timeOf(told) < timeOf(ledger.pruned.before);
}

/** A set may outlive some of its events. */
function isKnown(ledger: LedgerDocument, id: string): boolean {
  return own(ledger.events, id) !== undefined
    || Object.values(ledger.sensors).some(({ sets }) => sets.some(({ events }) => events.includes(id)));
}
