import { expectGolden } from '../golden';
import { EXPRESSIONS, MODELS, SCHEDULES, SENSORS, TUNERS } from './loops';
import { AXONS, IMAGES, PLATFORMS, SOURCES, TASKS } from './parts';
import { Case, messagesOf, recordOf } from './recorder';

// The whole text is the claim: a rebuild of how problems are found and written must not change a message.
test.each<[string, Case[]]>([
  ['axons', AXONS],
  ['platforms', PLATFORMS],
  ['sources', SOURCES],
  ['images', IMAGES],
  ['tasks', TASKS],
  ['tuners', TUNERS],
  ['models', MODELS],
  ['sensors', SENSORS],
  ['schedules', SCHEDULES],
  ['expressions', EXPRESSIONS],
])('the messages of programs about %s', (room, cases) => {
  expectGolden(`messages/program/${room}.txt`, recordOf(cases.map(([title, declare]) => [title, messagesOf(declare)])));
});

test('the digits loop itself has no message', () => {
  expect(messagesOf(() => undefined)).toEqual([]);
});
