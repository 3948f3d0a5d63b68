import type { EventDocument } from '../contract/documents.js';
import { checkDocument } from '../contract/read.js';
import { ledgerEvent, sourceOf } from '../ledger/event-document.js';
import { eventId } from '../ledger/event-id.js';
import type { SeenEvent } from '../ledger/record.js';
import { subjectOf, waitsFor } from '../ledger/triggering.js';
import { MyelinError, shown } from '../shared/errors.js';
import { sha256 } from '../shared/sha256.js';
import { alertEvents, isAlertGroup } from './alert-body.js';
import { callEvent } from './call-body.js';
import { checkedParameters } from './call-parameters.js';
import { told, utc, type Woken } from './woken.js';

/**
 * The events that a body tells of: an `event` document, a `wake` document, a message of Alertmanager, or any other body for a sensor that can
 * be called. Fails, for good, if the body is none of them, is of another axon, or tells of nothing that the sensor waits for.
 */
export function seenEvents(woken: Woken): SeenEvent[] {
  const body = parsed(woken.body);
  const seen = ownDocument(woken, body) ?? (isAlertGroup(body) && awaits(woken, 'alert') ? alertEvents(woken, body) : undefined)
    ?? (awaits(woken, 'rest') ? [told(woken, callEvent(woken, body), undefined)] : undefined);
  if (seen === undefined) throw new MyelinError('MYELIN_WAKE_UNKNOWN', { got: shown(body ?? woken.body), sensor: woken.sensor.name, expected: expected(woken) });
  for (const { event } of seen) {
    const { kind, subject, phase } = event;
    if (!waitsFor(woken.sensor, event)) throw new MyelinError('MYELIN_EVENT_UNAWAITED', { kind, subject, phase, sensor: woken.sensor.name });
  }
  return seen;
}

function ownDocument(woken: Woken, body: unknown): SeenEvent[] | undefined {
  if (!isObject(body)) return undefined;
  if (body.specversion === '1.0' && typeof body.type === 'string' && body.type.startsWith('io.myelin.')) {
    return [posted(woken, checkDocument('event', body, 'MYELIN_EVENT'))];
  }
  if (body.contract === undefined || (body.kind !== 'once' && body.kind !== 'calendar')) return undefined;
  const wake = checkDocument('wake', body.kind === 'calendar' ? { ...body, scheduledTime: utc(body.scheduledTime) ?? body.scheduledTime } : body, 'MYELIN_EVENT');
  const common = { contract: 1, axon: woken.axon.axon, namespace: woken.axon.namespace, metrics: {} } as const;
  if (wake.kind === 'once') return [told(woken, { ...common, kind: 'once', subject: wake.sensor, runId: wake.fingerprint, phase: 'started' }, undefined)];
  const subject = subjectOf(wake.sensor, { kind: 'calendar', name: wake.trigger, schedule: '' });
  return [told(woken, { ...common, kind: 'calendar', subject, runId: wake.scheduledTime, phase: 'ticked' }, wake.scheduledTime)];
}

function posted({ axon }: Woken, document: EventDocument): SeenEvent {
  const { id, source, subject, data } = document;
  const ids = { axon: data.axon, namespace: data.namespace };
  if (source !== sourceOf(axon) || sourceOf(ids) !== source) {
    throw new MyelinError('MYELIN_EVENT_FOREIGN', { event: id, source: source === sourceOf(axon) ? sourceOf(ids) : source, expected: sourceOf(axon) });
  }
  const right = eventId(data, sha256);
  if (right !== id || subject !== data.subject) throw new MyelinError('MYELIN_EVENT_FORGED', { event: id, id: right });
  if (data.kind === 'rest') checkedParameters(data.parameters ?? {});
  // Of an alert its start is the time that tells a repetition.
  return { id, event: ledgerEvent(document), told: data.kind === 'alert' ? data.startsAt : document.time };
}

function awaits({ sensor }: Woken, kind: 'alert' | 'rest'): boolean {
  return sensor.triggers.some((trigger) => trigger.kind === kind);
}

function expected({ sensor }: Woken): string {
  const names = { task: "the 'event' document of a task", rest: 'a call', alert: 'a message of Alertmanager', calendar: "a 'wake' document" } as const;
  return [...new Set(sensor.once === undefined ? sensor.triggers.map(({ kind }) => names[kind]) : ["a 'wake' document"])].join(' or ');
}

/** What is no JSON is a call's text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
