import type { AxonDocument, LedgerDocument, LedgerEvent, Numbers } from '../contract/documents.js';
import { eventId } from '../ledger/event-id.js';
import { record, type SeenEvent } from '../ledger/record.js';
import { settle, type TaskEnd } from '../ledger/settle.js';
import { sha256 } from '../shared/sha256.js';

/** How a task of a run ended, with what it reported. */
export interface ReportedEnd extends TaskEnd {
  readonly metrics: Numbers;
}

/** The event that a task's end is. */
export function taskEvent({ axon }: AxonDocument, end: ReportedEnd): SeenEvent {
  const { task, phase, runId, at, metrics, dataHash } = end;
  const event: LedgerEvent = { kind: 'task', subject: task, phase, runId, at, metrics, ...(dataHash !== undefined && { dataHash }) };
  return { id: eventId({ axon, kind: 'task', subject: task, runId, phase }, sha256), event };
}

export interface Recorded {
  readonly next: LedgerDocument;
  readonly id: string;
}

/** Writes an end down, as an event and in the books. An end that is known already stays as it was told first. */
export function recordEnd(ledger: LedgerDocument, axon: AxonDocument, end: ReportedEnd, told?: string): Recorded {
  const seen: SeenEvent = { ...taskEvent(axon, end), ...(told !== undefined && { told }) };
  const recorded = record(ledger, axon, [seen]);
  const first = Object.hasOwn(recorded.events, seen.id) ? recorded.events[seen.id]! : undefined;
  return { next: settle(recorded, axon, { ...end, at: first?.at ?? end.at }), id: seen.id };
}
