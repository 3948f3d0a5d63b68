import { contains } from '../../../src/release/plan/difference.js';

test.each([
  ['equal values', { a: [1, { b: 'x' }] }, { a: [1, { b: 'x' }] }, true],
  ['fields that were added', { a: 1, b: 2 }, { a: 1 }, true],
  ['fields that were added in a list', [{ a: 1, b: 2 }], [{ a: 1 }], true],
  ['another value', { a: 1 }, { a: 2 }, false],
  ['a field that is missing', {}, { a: 1 }, false],
  ['a longer list', [1, 2], [1], false],
  ['a shorter list', [1], [1, 2], false],
  ['a text for a map', { a: 'x' }, { a: { b: 1 } }, false],
  ['an absent text for an empty one', {}, { a: '' }, true],
  ['an absent map for an empty one', {}, { a: {} }, true],
  ['a text for an empty one', { a: 'x' }, { a: '' }, false],
  ['a number for no number', { a: 0 }, { a: undefined }, false],
])('%s: %j holds %j: %s', (_, present, wanted, expected) => {
  expect(contains(present, wanted)).toBe(expected);
});
