import fc from 'fast-check';
import { philox, uniform } from '../../../src/tuning/algorithms/random-generator.js';

const hex = (words: readonly number[]) => words.map((word) => word.toString(16).padStart(8, '0')).join(' ');

// The known answers that the generator's authors publish with it (Random123, kat_vectors).
test.each([
  [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
  [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
] as [[number, number, number, number], [number, number], string][])('known answer: counter %p, key %p', (counter, key, words) => {
  expect(hex(philox(counter, key))).toBe(words);
});

test('a number depends on its seed and place alone, and differs from that of every place nearby', () => {
  const places = Array.from({ length: 1000 }, (_, i) => [i % 10, Math.floor(i / 10) % 10, Math.floor(i / 100)] as const);
  const numbers = [1, 2].flatMap((seed) => places.map((place) => uniform(seed, ...place)));
  expect(new Set(numbers).size).toBe(2000);
  expect([1, 2].flatMap((seed) => places.map((place) => uniform(seed, ...place)))).toEqual(numbers);
});

test('numbers lie from 0 up to, but never at 1, for every seed and place', () => {
  const word = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(fc.property(word, word, word, word, (seed, a, b, c) => {
    const number = uniform(seed, a, b, c);
    expect(number >= 0 && number < 1).toBe(true);
  }));
});

test('numbers are even: each of 100 equal parts is hit about as often', () => {
  const counts = new Array<number>(100).fill(0);
  const draws = 100_000;
  for (let i = 0; i < draws; i++) counts[Math.floor(uniform(7, i % 5, Math.floor(i / 5)) * 100)]!++;
  const expected = draws / 100;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // 99 degrees of freedom: between these with a probability of 0.9998. The numbers are fixed, so this never flickers.
  expect(chiSquare).toBeGreaterThan(55);
  expect(chiSquare).toBeLessThan(160);
});
