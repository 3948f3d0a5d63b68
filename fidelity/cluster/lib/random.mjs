// Choices that can be made again: the seed is printed, and SEED=… repeats it.
/** mulberry32: small, and good enough to pick pods. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function seeded(seed = Number(process.env.SEED ?? Date.now() % 1_000_000)) {
  console.log(`SEED=${seed}`);
  const next = generator(seed);
  return {
    seed,
    /** From 0 to below 1. */
    next,
    between: (low, high) => low + next() * (high - low),
    below: (count) => Math.floor(next() * count),
    pick: (list) => list[Math.floor(next() * list.length)],
  };
}
