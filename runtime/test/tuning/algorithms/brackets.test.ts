import { rungBudgets } from '../../../src/contract/rung-budgets.js';
import { bracketShapes } from '../../../src/tuning/algorithms/brackets.js';

const table = (max: number, eta: number, count?: number, min = 1) =>
  bracketShapes(rungBudgets({ min, max, eta, round: false }), eta, count).map((shapes) => shapes.map(({ size, budget }) => [size, budget]));

test('golden: the published table for 81 and 3', () => {
  expect(table(81, 3)).toEqual([
    [[81, 1], [27, 3], [9, 9], [3, 27], [1, 81]],
    [[27, 3], [9, 9], [3, 27], [1, 81]],
    [[9, 9], [3, 27], [1, 81]],
    [[6, 27], [2, 81]],
    [[5, 81]],
  ]);
});

test.each([
  [243, 3, [243, 81, 27, 18, 9, 6]],
  [1000, 10, [1000, 100, 20, 4]],
  [27, 3, [27, 9, 6, 4]],
])('golden: first rungs up to %d by %d', (max, eta, sizes) => {
  expect(table(max, eta).map(([first]) => first![0])).toEqual(sizes);
});

test('no rung loses a configuration to a rounding error', () => {
  for (const eta of [2, 3, 4, 5, 7, 9, 10]) {
    const [largest] = table(eta ** 6, eta);
    expect(largest!.map(([size]) => size)).toEqual([6, 5, 4, 3, 2, 1, 0].map((power) => eta ** power));
  }
});

test('an eta that is no whole number rounds down, to no less than one configuration', () => {
  expect(table(10, 2.5)).toEqual([[[6, 1.6], [2, 4], [1, 10]], [[2, 4], [1, 10]], [[3, 10]]]);
});

test('fewer brackets are the largest ones, more of them begin again with the largest', () => {
  expect(table(81, 3, 2)).toEqual(table(81, 3).slice(0, 2));
  expect(table(81, 3, 7)).toEqual([...table(81, 3), ...table(81, 3).slice(0, 2)]);
});

test('one budget makes brackets of a single configuration', () => {
  expect(table(9, 3, 2, 9)).toEqual([[[1, 9]], [[1, 9]]]);
});
