import fc from 'fast-check';
import { versionOf } from '../../src/ledger/version.js';
import { sha256 } from '../../src/shared/sha256.js';
import { contractJson } from '../fixtures.js';

interface Golden {
  readonly name: string;
  readonly events: string[];
  readonly version: string;
}

const { cases, refused }: { cases: Golden[]; refused: Omit<Golden, 'version'>[] } = contractJson('fixtures', 'version-hash.json');
const ids = fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1 }).filter((id) => !id.includes('\n')), { minLength: 1, maxLength: 8 });

test.each(cases)('golden: $name', ({ events, version }) => {
  expect(versionOf(events, sha256)).toBe(version);
});

test.each(refused)('fails for $name', ({ events }) => {
  expect(() => versionOf(events, sha256)).toThrow(/^'events(\[\d+\])?' \(.*\) must /);
});

test('fails if no event is given, with the remedy', () => {
  expect(() => versionOf([], sha256))
    .toThrow("'events' ([]) must name at least one event, record the event that triggered the run first");
});

test('fails if an id is empty, naming its place', () => {
  expect(() => versionOf(['0df3b994a1152b0b', ''], sha256))
    .toThrow("'events[1]' (\"\") must be a non-empty id without a line feed or half a surrogate pair, pass the id as the ledger holds it");
});

test('the order of the events does not matter', () => {
  const shuffled = ids.chain((events) => fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })));
  fc.assert(fc.property(shuffled, ([events, others]) => versionOf(events, sha256) === versionOf(others, sha256)));
});

test('repeated deliveries do not matter', () => {
  fc.assert(fc.property(ids, (events) => versionOf(events, sha256) === versionOf([...events, ...events], sha256)));
});

test('other events give another version', () => {
  fc.assert(fc.property(ids, (events) => versionOf(events, sha256) !== versionOf([...events, `${events.join('')}x`], sha256)));
});

test('the given events are left as they are', () => {
  const events = ['b', 'a'];
  versionOf(events, sha256);
  expect(events).toEqual(['b', 'a']);
});
