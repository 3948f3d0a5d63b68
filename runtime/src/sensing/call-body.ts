import type { AxonDocument, EventData } from '../contract/documents.js';
import { MyelinError, shown } from '../shared/errors.js';
import { sha256 } from '../shared/sha256.js';
import type { Woken } from './woken.js';

/** Longest value of a parameter, in characters. */
const LONGEST_VALUE = 4096;

/** Longest id of a run. */
const LONGEST_ID = 253;

/**
 * What a call tells. Its body may be anything. Of an object, `id` makes repeated calls one, and keys that are called like parameters of the
 * sensors that wait for the call (or such keys of `parameters`) give those their values.
 */
export function callEvent(woken: Woken, body: unknown): EventData {
  const { axon, delivery, uid } = woken;
  const trigger = triggerOf(woken);
  const object = typeof body === 'object' && body !== null ? body as Record<string, unknown> : {};
  const given = typeof object.id === 'number' ? String(object.id) : object.id;
  const parameters = parametersOf(axon, trigger, object);
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
  const called = names.find((name) => delivery.startsWith(`rest-${name}/`));
  if (called === undefined) {
    throw new MyelinError('MYELIN_TRIGGER_AMBIGUOUS', { got: shown(delivery), sensor: sensor.name, webhooks: names.map((name) => `rest-${name}`).join(', ') });
  }
  return called;
}

function parametersOf(axon: AxonDocument, trigger: string, body: Record<string, unknown>): Record<string, string> {
  const listeners = axon.sensors.filter(({ triggers }) => triggers.some(({ kind, name }) => kind === 'rest' && name === trigger));
  const nested = typeof body.parameters === 'object' && body.parameters !== null ? body.parameters as Record<string, unknown> : {};
  const found = [...new Set(listeners.flatMap(({ parameters }) => parameters))].flatMap((parameter) => {
    const value = Object.hasOwn(body, parameter) ? body[parameter] : Object.hasOwn(nested, parameter) ? nested[parameter] : undefined;
    return value === undefined || value === null ? [] : [[parameter, typeof value === 'object' ? JSON.stringify(value) : String(value)] as const];
  });
  for (const [parameter, value] of found) {
    if (value.length > LONGEST_VALUE) throw new MyelinError('MYELIN_PARAMETER_TOO_LONG', { parameter, length: value.length, most: LONGEST_VALUE });
  }
  return Object.fromEntries(found);
}

/** An id that is longer than ids of runs may be, or that UTF-8 cannot hold, is as good when it is hashed. */
function bounded(id: string): string {
  return id.length <= LONGEST_ID && !/\p{Surrogate}/u.test(id) ? id : sha256(JSON.stringify(id));
}
