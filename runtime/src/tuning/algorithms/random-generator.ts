/* eslint-disable no-bitwise -- the generator is defined on words of 32 bits */

type Words = readonly [number, number, number, number];

const ROUNDS = 10;
const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
const KEY_STEPS = [0x9e3779b9, 0xbb67ae85] as const;

/**
 * A random number as a function of where it is needed: no state, no order of calls. From 0 up to, but never 1; all of its 53 bits
 * are random. The seed and the places are whole numbers from 0 to 2^32 - 1.
 */
export function uniform(seed: number, ...place: readonly [number, number?, number?, number?]): number {
  const [high, low] = philox([place[0], place[1] ?? 0, place[2] ?? 0, place[3] ?? 0], [seed, 0]);
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}

/**
 * Philox4x32-10: four random words from a counter and a key.
 *
 * @see Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011
 */
export function philox(counter: Words, key: readonly [number, number]): Words {
  let [a, b, c, d] = counter;
  let [left, right] = key;
  for (let round = 0; round < ROUNDS; round++) {
    [a, b, c, d] = [
      (highWord(MULTIPLIERS[1], c) ^ b ^ left) >>> 0, Math.imul(MULTIPLIERS[1], c) >>> 0,
      (highWord(MULTIPLIERS[0], a) ^ d ^ right) >>> 0, Math.imul(MULTIPLIERS[0], a) >>> 0,
    ];
    left = (left + KEY_STEPS[0]) >>> 0;
    right = (right + KEY_STEPS[1]) >>> 0;
  }
  return [a, b, c, d];
}

/** The upper 32 of the 64 bits of a product. */
function highWord(x: number, y: number): number {
  const [xLow, xHigh, yLow, yHigh] = [x & 0xffff, x >>> 16, y & 0xffff, y >>> 16];
  const middle = xHigh * yLow;
  const cross = ((xLow * yLow) >>> 16) + (middle & 0xffff) + xLow * yHigh;
  return xHigh * yHigh + (middle >>> 16) + (cross >>> 16);
}
