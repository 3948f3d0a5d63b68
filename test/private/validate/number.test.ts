import { numberProblem } from '../../../src/private/validate/number';

test('a finite number within its bounds is accepted', () => {
  expect(numberProblem(0)).toBeUndefined();
  expect(numberProblem(1, { min: 1, max: 1, above: 0, below: 2, integer: true })).toBeUndefined();
});

test.each([
  [NaN, {}, 'must be a finite number', 'write one such as 1 or 0.5'],
  [-Infinity, {}, 'must be a finite number', 'write one such as 1 or 0.5'],
  ['1', {}, 'must be a finite number', 'write one such as 1 or 0.5'],
  [1.6, { integer: true }, 'must be a whole number', 'use 2'],
  [2 ** 60, { integer: true }, 'is too large to be counted exactly', 'use at most 9007199254740991'],
  [0, { min: 1 }, 'must be at least 1', 'raise it'],
  [0, { above: 0 }, 'must be more than 0', 'raise it'],
  [2, { max: 1 }, 'must be at most 1', 'lower it'],
  [1, { below: 1 }, 'must be less than 1', 'lower it'],
])('fails if the number is %p under %p', (value, bounds, rule, remedy) => {
  expect(numberProblem(value, bounds)).toEqual({ rule, remedy });
});
