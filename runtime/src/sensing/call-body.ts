import { restWebhook } from '../contract/constants.js';
import type { EventData } from '../contract/documents.js';
import { MyelinError, shown } from '../shared/errors.js';
import { sha256 } from '../shared/sha256.js';
import { callParameters } from './call-parameters.js';
import type { Woken } from './woken.js';

/** Longest id of a run. */
const LONGEST_ID = 253;

/**
 * What a call tells. Its body may be anything. Of an object, `id` makes repeated calls one, and other fields give parameters their values.
 * Fails, for good, if a run cannot be given one of them.
 */
export function callEvent(woken: Woken, body: unknown): EventData {
  const { axon, delivery, uid } = woken;
  const trigger = triggerOf(woken);
  const object = typeof body === 'object' && body !== null ? body as Record<string, unknown> : {};
  const given = typeof object.id === 'number' ? String(object.id) : object.id;
  const parameters = callParameters(axon, trigger, body);
  return {
    contract: 1,
    axon: axon.axon,
    namespace: axon.namespace,
    kind: 'rest',
    subject: trigger,
    phase: 'called',
    metrics: {},
    runId: bounded(typeof given === 'string' && given !== '' ? given : delivery.slice(delivery.indexOf('/') + 1) || uid),
    ...(Object.keys(parameters).length > 0 && { parameters }),
  };
}

/** Name of the trigger that was called. */
function triggerOf({ sensor, delivery }: Woken): string {
  const names = sensor.triggers.flatMap((trigger) => (trigger.kind === 'rest' ? [trigger.name] : []));
  if (names.length === 1) return names[0]!;
  const called = names.find((name) => delivery.startsWith(`${restWebhook(name)}/`));
  if (called === undefined) {
    throw new MyelinError('MYELIN_TRIGGER_AMBIGUOUS', { got: shown(delivery), sensor: sensor.name, webhooks: names.map(restWebhook).join(', ') });
  }
  return called;
}

/** An id that is longer than ids of runs may be, or that UTF-8 cannot hold, is as good when it is hashed. */
function bounded(id: string): string {
  return id.length <= LONGEST_ID && !/\p{Surrogate}/u.test(id) ? id : sha256(JSON.stringify(id));
}
