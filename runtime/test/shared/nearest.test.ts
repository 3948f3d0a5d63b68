import { nearest } from '../../src/shared/nearest.js';

test.each([
  ['gaurd', 'guard'],
  ['trigers', 'triggers'],
  ['cooldownseconds', 'cooldownSeconds'],
  ['runz', 'runs'],
])('%s means %s', (word, meant) => {
  expect(nearest(word, ['guard', 'triggers', 'cooldownSeconds', 'runs'])).toBe(meant);
});

test('a word that resembles nothing means nothing', () => {
  expect(nearest('novelty', ['guard', 'triggers'])).toBeUndefined();
});

test('no candidate, no guess', () => {
  expect(nearest('guard', [])).toBeUndefined();
});
