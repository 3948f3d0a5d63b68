import type { AxonDocument, AxonSensor, EventData, EventDocument } from '../contract/documents.js';
import { checkDocument } from '../contract/read.js';
import { ledgerEvent, sourceOf } from '../ledger/event-document.js';
import { eventId } from '../ledger/event-id.js';
import type { SeenEvent } from '../ledger/record.js';
import { sha256 } from '../shared/sha256.js';
import { timeText } from '../shared/time.js';

/** What a gate was woken with. */
export interface Woken {
  readonly axon: AxonDocument;
  readonly sensor: AxonSensor;
  /** Body of what woke it: MYELIN_EVENT. */
  readonly body: string;
  /** Id that the bus gave the delivery, `<webhook>/<id>` or only the id; empty when there was none. */
  readonly delivery: string;
  /** UID of the Workflow: stands for a call that has no other id. */
  readonly uid: string;
  /** In milliseconds. */
  readonly now: number;
}

/** What an event looks like whose data is known. `since` is when it happened if the body tells; RFC 3339. */
export function told({ axon, now }: Pick<Woken, 'axon' | 'now'>, data: EventData, since: string | undefined, time = since): SeenEvent {
  const id = eventId(data, sha256);
  const document: EventDocument = {
    specversion: '1.0',
    id,
    source: sourceOf(axon),
    type: `io.myelin.${data.kind}.${data.phase}` as EventDocument['type'],
    subject: data.subject,
    time: time ?? timeText(now),
    datacontenttype: 'application/json',
    data,
  };
  return { id, event: ledgerEvent(checkDocument('event', document, 'MYELIN_EVENT')), ...(since !== undefined && { told: since }) };
}

/** A time in UTC, of any RFC 3339 time; undefined when it is none. */
export function utc(text: unknown): string | undefined {
  if (typeof text !== 'string' || Number.isNaN(Date.parse(text))) return undefined;
  return text.endsWith('Z') ? text : timeText(Date.parse(text));
}
