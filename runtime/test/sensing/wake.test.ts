import type { AxonDocument, AxonSensor } from '../../src/contract/documents.js';
import { seenEvents } from '../../src/sensing/wake.js';
import { contractJson } from '../fixtures.js';
import { at, axonOf, called, DIGITS, sensorOf, START, succeeded } from '../ledger/loop.js';

const AXON: AxonDocument = axonOf(
  { name: 'call', triggers: called('retrain'), runs: [['prepare']], parameters: ['holdout-share', 'epochs'] },
  { name: 'night', triggers: [{ kind: 'calendar', name: 'tick', schedule: '0 3 * * *' }], runs: [['prepare']] },
  { name: 'start', once: { fingerprint: 'f8d7f87648' }, runs: [['prepare']] },
  { name: 'two', triggers: called('a', 'b'), runs: [['prepare']] },
  { name: 'trained', triggers: succeeded('prepare') },
  { name: 'decayed', triggers: [{ kind: 'alert', name: 'decayed', alert: 'digits-decayed', model: 'model', expression: 'up < 1' }], runs: [['prepare'], ['train']] },
);

function seen(sensor: string, body: unknown, { delivery = 'd-1', axon = AXON } = {}): ReturnType<typeof seenEvents> {
  return seenEvents({
    axon, sensor: sensorOf(axon, sensor) as AxonSensor, body: typeof body === 'string' ? body : JSON.stringify(body), delivery, uid: 'uid-1', now: START,
  });
}

describe('an event document', () => {
  const document = { ...contractJson('fixtures', 'event', 'task-succeeded.json') };

  test('is the event that it tells of, and tells its time', () => {
    const [one] = seen('trained', document, { axon: DIGITS });
    const metrics = { test_accuracy: 0.9694, validation_accuracy: 0.975 };
    expect(one).toMatchObject({ id: document.id, told: document.time, event: { subject: 'train', runId: 'digits-start-5d41402abc', at: document.time, metrics } });
  });

  test('of an alert tells since when it fires', () => {
    expect(seen('decayed', contractJson('fixtures', 'event', 'alert-fired.json'))[0]).toMatchObject({ told: '2026-03-01T10:00:00Z', event: { at: '2026-03-01T10:00:05Z' } });
  });

  test('fails if it is of another axon', () => {
    const other = { ...document, source: '/namespaces/other/axons/digits', data: { ...document.data, namespace: 'other' } };
    expect(() => seen('trained', other, { axon: DIGITS }))
      .toThrow("'0df3b994a1152b0b' (of /namespaces/other/axons/digits) must be of /namespaces/default/axons/digits, send it to its own axon");
  });

  test('fails if its id does not follow from its data', () => {
    expect(() => seen('trained', { ...document, id: '0000000000000000' }, { axon: DIGITS }))
      .toThrow("'0000000000000000' must have the id 0df3b994a1152b0b that follows from its data, send it as the emit step does");
  });

  test('fails if it is invalid, with all that is wrong', () => {
    expect(() => seen('trained', { ...document, time: 'yesterday' }, { axon: DIGITS })).toThrow("'MYELIN_EVENT' is no valid event document: 'time' (\"yesterday\")");
  });

  test('of a call fails if a run could not be given its parameters', () => {
    const call = contractJson('fixtures', 'event', 'rest-called.json');
    expect(() => seen('call', { ...call, data: { ...call.data, parameters: { epochs: '{{x}}' } } })).toThrow("'epochs' (\"{{x}}\") must have no two opening braces in a row");
  });

  test('fails if the sensor waits for something else', () => {
    expect(() => seen('trained', contractJson('fixtures', 'event', 'rest-called.json')))
      .toThrow("'retrain' (rest called) is nothing that sensor trained waits for, start the run by a trigger of the sensor");
  });
});

describe('a wake document', () => {
  test('of a run-once sensor is its fingerprint', () => {
    expect(seen('start', contractJson('fixtures', 'wake', 'once.json'))[0]!.event).toEqual({ kind: 'once', subject: 'start', phase: 'started', runId: 'f8d7f87648', at: at(0), metrics: {} });
  });

  test.each(['2026-11-21T03:00:00Z', '2026-11-21T04:00:00+01:00'])('of a schedule is when it was due, however the time is written: %s', (scheduledTime) => {
    const [tick] = seen('night', { contract: 1, kind: 'calendar', sensor: 'night', trigger: 'tick', scheduledTime });
    expect(Date.parse(tick!.event.runId)).toBe(Date.UTC(2026, 10, 21, 3));
    expect(tick).toMatchObject({ event: { kind: 'calendar', subject: 'night-tick', at: tick!.event.runId }, told: tick!.event.runId });
  });

  test('fails if it is for another sensor', () => {
    expect(() => seen('night', contractJson('fixtures', 'wake', 'once.json'))).toThrow("'start' (once started) is nothing that sensor night waits for");
  });
});

describe('a call', () => {
  const event = (body: unknown, options = {}) => seen('call', body, options)[0]!.event;

  test('is told by its delivery', () => expect(event({}, { delivery: 'abc' })).toMatchObject({ kind: 'rest', subject: 'retrain', runId: 'abc', at: at(0) }));
  test('is told by its own id, which makes repeated calls one', () => expect(seen('call', { id: 'x' })[0]!.id).toBe(seen('call', { id: 'x' }, { delivery: 'other' })[0]!.id));
  test('may have a number as its id', () => expect(event({ id: 7 }).runId).toBe('7'));
  test('without any id is told by its Workflow', () => expect(event({}, { delivery: '' }).runId).toBe('uid-1'));
  test('with an id that is too long is told by its hash', () => expect(event({ id: 'x'.repeat(300) }).runId).toMatch(/^[0-9a-f]{64}$/));
  test.each(['hello', '', '[1,2]', '"text"', '{broken', 'null', '7'])('may have any body: %s', (body) => expect(event(body)).not.toHaveProperty('parameters'));

  test('gives the parameters that sensors ask for, and no others', () => {
    expect(event({ 'holdout-share': 0.25, 'parameters': { 'epochs': '9', 'holdout-share': '1' }, 'other': 'x' }).parameters).toEqual({ 'holdout-share': '0.25', 'epochs': '9' });
  });

  test('fails if a parameter is too long', () => {
    expect(() => event({ epochs: '1'.repeat(4097) })).toThrow("'epochs' (4097 characters) must have at most 4096, send a reference to where it lies");
  });

  test('of a sensor with several calls is told by its webhook', () => {
    expect(seen('two', {}, { delivery: 'rest-b/1' })[0]!.event).toMatchObject({ subject: 'b', runId: '1' });
  });

  test('fails if nobody says which of several it is', () => {
    expect(() => seen('two', {}, { delivery: '1' }))
      .toThrow("'MYELIN_DELIVERY' (\"1\") must name the webhook of the call as <webhook>/<id>, because two waits for several: rest-a, rest-b");
  });
});

describe('a message of Alertmanager', () => {
  const alert = (more: object = {}) => ({
    status: 'firing',
    labels: { alertname: 'digits-decayed', axon: 'digits', namespace: 'default', model: 'model', version: 'dd757176a4' },
    annotations: { summary: 'sensor decayed', value: '0.861' },
    startsAt: '2026-03-01T10:00:00.5Z',
    endsAt: '0001-01-01T00:00:00Z',
    fingerprint: '9c1d0b7e2f3a4c55',
    ...more,
  });
  const message = (...alerts: object[]) => ({ version: '4', status: 'firing', groupKey: '{}:{}', alerts });

  test('is the alert and since when it fires, with its version and its numbers', () => {
    const [one] = seen('decayed', message(alert()));
    expect(one).toMatchObject({
      told: '2026-03-01T10:00:00.5Z',
      event: {
        kind: 'alert', subject: 'decayed', runId: '9c1d0b7e2f3a4c55@2026-03-01T10:00:00.5Z', at: at(0), model: 'model', version: 'dd757176a4', metrics: { value: 0.861 },
      },
    });
  });

  test('that is repeated is the same event', () => {
    expect(seen('decayed', message(alert()))[0]!.id).toBe(seen('decayed', message(alert({ annotations: {} })))[0]!.id);
  });

  test('of several alerts is, of each version, the last that began to fire and is the sensor\'s', () => {
    const labels = { alertname: 'digits-decayed', axon: 'digits', namespace: 'default', model: 'model', version: '0123456789' };
    const late = '2026-03-01T12:00:00Z';
    const alerts = [
      alert({ fingerprint: 'a' }), alert({ fingerprint: 'b', startsAt: '2026-03-01T11:00:00Z' }), alert({ fingerprint: 'c' }), alert({ fingerprint: 'd', labels }),
      alert({ fingerprint: 'e', status: 'resolved', startsAt: late }), alert({ fingerprint: 'f', labels: { ...labels, alertname: 'other' }, startsAt: late }),
      alert({ fingerprint: 'g', labels: { ...labels, axon: 'other' }, startsAt: late }),
    ];
    expect(seen('decayed', message(...alerts)).map(({ event }) => event.runId).sort()).toEqual(['b@2026-03-01T11:00:00Z', 'd@2026-03-01T10:00:00.5Z']);
  });

  test('fails if no alert of it is the sensor\'s', () => {
    expect(() => seen('decayed', message(alert({ labels: { alertname: 'other' } }))))
      .toThrow("'other' must be an alert of sensor decayed, route to its webhook only the alerts that were synthesised for it");
  });
});

test.each([
  ['trained', "the 'event' document of a task"], ['start', "a 'wake' document"], ['decayed', 'a message of Alertmanager'],
])('fails if what wakes %s tells nothing', (sensor, expected) => {
  expect(() => seen(sensor, '{}')).toThrow(`'MYELIN_EVENT' ({}) must be what wakes sensor ${sensor}, which is ${expected}, start the run by a trigger of the sensor`);
});
