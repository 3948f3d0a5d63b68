import type { AxonDocument, EventData, EventDocument, LedgerEvent } from '../contract/documents.js';
import { subjectOf } from './triggering.js';

/** An event of the ledger as the CloudEvents document that tells of it. */
export function eventDocument(axon: AxonDocument, id: string, event: LedgerEvent): EventDocument {
  const { kind, subject, phase, at } = event;
  return {
    specversion: '1.0',
    id,
    source: sourceOf(axon),
    type: `io.myelin.${kind}.${phase}` as EventDocument['type'],
    subject,
    time: at,
    datacontenttype: 'application/json',
    data: dataOf(axon, event),
  };
}

/** What events of an axon name as their source. */
export function sourceOf({ axon, namespace }: Pick<AxonDocument, 'axon' | 'namespace'>): string {
  return `/namespaces/${namespace}/axons/${axon}`;
}

/** The event of the ledger that a document tells of. */
export function ledgerEvent({ time, data }: EventDocument): LedgerEvent {
  const { contract: _, axon: __, namespace: ___, ...rest } = data;
  if (rest.kind !== 'alert') return { ...rest, at: time };
  const { alert: ____, startsAt: _____, ...event } = rest;
  return { ...event, at: time };
}

function dataOf(axon: AxonDocument, { at, ...event }: LedgerEvent): EventData {
  const data = { contract: 1, axon: axon.axon, namespace: axon.namespace, ...event };
  // The ledger keeps of an alert what tells it from others; the rest follows from that.
  return (event.kind === 'alert' ? { ...data, alert: alertOf(axon, event.subject), startsAt: event.runId.split('@').at(-1) ?? at } : data) as EventData;
}

function alertOf({ axon, sensors }: AxonDocument, subject: string): string {
  const found = sensors.flatMap(({ name, triggers }) => triggers.flatMap((trigger) => (
    trigger.kind === 'alert' && subjectOf(name, trigger) === subject ? [trigger.alert] : [])));
  return found[0] ?? `${axon}-${subject}`;
}
