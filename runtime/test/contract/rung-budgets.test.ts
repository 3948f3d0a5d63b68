import fc from 'fast-check';
import { rungBudgets } from '../../src/contract/rung-budgets.js';

const budgets = (min: number, max: number, eta: number, round = false) => rungBudgets({ min, max, eta, round });

// A quotient of logarithms, or a loop without a tolerance, loses a rung of one or the other of these.
test.each([
  [1, 243, 3, 6], [1, 1000, 10, 4], [1, 59049, 9, 6], [0.1, 0.3, 3, 2], [1 / 512, 1, 2, 10],
  [1, 81, 3, 5], [1, 27, 3, 4], [9, 729, 3, 5], [27, 27, 3, 1],
])('from %d to %d by %d there are no fewer rungs than there are', (min, max, eta, rungs) => {
  expect(budgets(min, max, eta)).toHaveLength(rungs);
});

test('budgets are anchored on the largest: the smallest may exceed the least, and be no whole number', () => {
  expect(budgets(1, 81, 3)).toEqual([1, 3, 9, 27, 81]);
  expect(budgets(3, 10, 3)).toEqual([10 / 3, 10]);
  expect(budgets(2, 10, 3)).toEqual([10 / 3, 10]);
});

test('a budget that misses the least one by a rounding error is the least one', () => {
  expect(0.3 / 3).toBeLessThan(0.1);
  expect(budgets(0.1, 0.3, 3)).toEqual([0.1, 0.3]);
});

test('budgets are rounded to whole numbers of at least 1 when asked', () => {
  expect(budgets(3, 10, 3, true)).toEqual([3, 10]);
  expect(budgets(0.2, 4, 3, true)).toEqual([1, 1, 4]);
});

test('budgets rise from at least the least to exactly the largest, and no further rung would fit', () => {
  const ranges = fc.record({ min: fc.double({ min: 1e-3, max: 10, noNaN: true }), factor: fc.double({ min: 1, max: 1e5, noNaN: true }) });
  fc.assert(fc.property(ranges, fc.double({ min: 1.5, max: 10, noNaN: true }), ({ min, factor }, eta) => {
    const max = min * factor;
    const found = budgets(min, max, eta);
    expect(found.at(-1)).toBe(max);
    expect(found[0]).toBeGreaterThanOrEqual(min);
    expect(found[0]! / eta).toBeLessThan(min * (1 + 1e-6));
    expect([...found].sort((a, b) => a - b)).toEqual(found);
  }));
});
