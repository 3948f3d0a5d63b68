import { eventId, type EventIdentity } from '../../src/ledger/event-id.js';
import { sha256 } from '../../src/shared/sha256.js';
import { contractFiles, contractJson } from '../fixtures.js';

const { cases }: { cases: Golden[] } = contractJson('fixtures', 'event-id.json');
interface Golden {
  readonly name: string;
  readonly parts: [string, EventIdentity['kind'], string, string, EventIdentity['phase']];
  readonly id: string;
}

const TRAINED: EventIdentity = { axon: 'digits', kind: 'task', subject: 'train', runId: 'digits-start-5d41402abc', phase: 'succeeded' };

test.each(cases)('golden: $name', ({ parts: [axon, kind, subject, runId, phase], id }) => {
  expect(eventId({ axon, kind, subject, runId, phase }, sha256)).toBe(id);
});

test.each(contractFiles('fixtures', 'event'))('the id of the fixture %s follows from its data', (file) => {
  const { id, data } = contractJson('fixtures', 'event', `${file}.json`);
  expect(eventId(data, sha256)).toBe(id);
});

test.each(['axon', 'subject', 'runId'] as const)('another %s is another event', (part) => {
  expect(eventId({ ...TRAINED, [part]: 'other' }, sha256)).not.toBe(eventId(TRAINED, sha256));
});

test('parts cannot run into each other', () => {
  expect(eventId({ ...TRAINED, subject: 'train","digits' }, sha256)).not.toBe(eventId(TRAINED, sha256));
});

test('fails if a part holds half a surrogate pair', () => {
  expect(() => eventId({ ...TRAINED, runId: 'a\ud83d' }, sha256))
    .toThrow("'runId' (\"a\\ud83d\") must be text that UTF-8 can hold, replace the half surrogate pair");
});
