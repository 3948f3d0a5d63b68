import type { LedgerDocument, ModelDocument } from '../../../src/contract/documents.js';
import { newRelease } from '../../../src/release/plan/run.js';
import { contractJson } from '../../fixtures.js';

const MODEL: ModelDocument = contractJson('fixtures', 'model', 'digits.json');
const LEDGER: LedgerDocument = contractJson('fixtures', 'ledger', 'digits.json');
const FIRST = '0df3b994a1152b0b';
const SECOND = '734a9253e6aaafbe';

const release = (events: readonly string[], ledger = LEDGER, images: Record<string, string> = {}) =>
  newRelease(MODEL, { version: 'dd757176a4', events, images, at: '2026-03-01T08:13:00Z' }, ledger);

/** The ledger after the sensor `decayed` has started the run of the second training. */
function startedBy(event: string): LedgerDocument {
  const set = { decision: 'consumed' as const, run: 'digits-decayed-4f0b6d9a21', events: [event], version: 'dd757176a4', at: '2026-03-01T10:00:00Z', numbers: [] };
  return { ...LEDGER, sensors: { ...LEDGER.sensors, decayed: { sets: [set] } } };
}

test('the run among the triggering events is served, even when a later one has succeeded', () => {
  expect(release([FIRST])).toEqual({
    model: 'model',
    version: 'dd757176a4',
    state: 'deploying',
    events: [FIRST],
    runs: { train: 'digits-start-5d41402abc' },
    metrics: { train: { test_accuracy: 0.9694, validation_accuracy: 0.975 } },
    images: { serve: 'registry.example.org/digits/serve:4f1c2d0' },
    dataHash: '5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef',
    at: '2026-03-01T08:13:00Z',
    why: 'train succeeded in digits-start-5d41402abc, started by the sensor start, which runs once',
  });
});

test('without a triggering training the last succeeded run is served', () => {
  const found = release(['4784dcb12effee5d']);
  expect(found.runs).toEqual({ train: 'digits-decayed-4f0b6d9a21' });
  expect(found.metrics).toEqual({ train: { test_accuracy: 0.94 } });
  expect(found.why).toBe('the sensor start, which runs once');
});

test('of two trainings in one set the later is served, whatever the order of their ids', () => {
  expect(release([SECOND, FIRST]).runs).toEqual({ train: 'digits-decayed-4f0b6d9a21' });
  expect(release([SECOND, FIRST, FIRST]).events).toEqual([FIRST, SECOND]);
});

test.each([
  ['ab63829ac5219428', 'the alert decayed'], [FIRST, undefined],
])('why tells what started the training: %s', (event, starter) => {
  expect(release([SECOND], startedBy(event)).why).toBe(`train succeeded in digits-decayed-4f0b6d9a21${starter === undefined ? '' : `, started by ${starter}`}`);
});

test.each([['rest', 'called', 'the call nightly'], ['calendar', 'ticked', 'the schedule nightly']] as const)('a %s event is told in words', (kind, phase, words) => {
  const event = { kind, subject: 'nightly', phase, runId: 'x', at: '2026-03-01T09:00:00Z', metrics: {} };
  expect(release(['00000000000000aa'], { ...LEDGER, events: { ...LEDGER.events, '00000000000000aa': event } }).why).toBe(words);
});

test('events that the ledger has forgotten are told by the run', () => {
  expect(release(['00000000000000aa']).why).toBe('train succeeded in digits-decayed-4f0b6d9a21');
});

test('an image that was built wins over the document\'s, and what trained is kept, too', () => {
  const event = { ...LEDGER.events[FIRST]!, image: 'train@sha256:1', codeRevision: '4f1c2d0' };
  const found = release([FIRST], { ...LEDGER, events: { ...LEDGER.events, [FIRST]: event } }, { serve: 'serve@sha256:2' });
  expect(found.images).toEqual({ train: 'train@sha256:1', serve: 'serve@sha256:2' });
  expect(found.codeRevision).toBe('4f1c2d0');
});

test('the hash of the data comes from the last run when its event is forgotten', () => {
  const tasks = { train: { runId: 'digits-old', at: '2026-03-01T10:20:00Z', dataHash: 'abcdef0123' } };
  const found = release(['00000000000000aa'], { ...LEDGER, tasks });
  expect(found).toMatchObject({ runs: { train: 'digits-old' }, metrics: {}, dataHash: 'abcdef0123' });
});

test('fails if a trainer has never succeeded', () => {
  expect(() => release(['00000000000000aa'], { ...LEDGER, tasks: {} }))
    .toThrow("'train' has no succeeded run in the ledger, so there is no model to serve, train first");
});
