import * as fc from 'fast-check';
import { quantityProblem, requestExceedsLimit, resourceProblem } from '../../src/validate/quantity';

test.each(['1', 1, 0, 0.5, '0.5', '.5', '5.', '+1', '500m', '100n', '1k', '2Gi', '1.5Gi', '1e3', '1E3', '1e-3', '1E', '12Ei', '7Ei', '0'])('%p is a quantity', (quantity) => {
  // 12Ei is beyond 2^63, see below.
  expect(quantityProblem(quantity) === undefined).toBe(quantity !== '12Ei');
});

const GRAMMAR = 'must be a Kubernetes quantity, a number with one of the suffixes n u m k M G T P E Ki Mi Gi Ti Pi Ei, or an exponent as in 1e3';
test.each([
  ['-1', 'must not be negative', 'remove the sign'],
  [-1, 'must not be negative', 'remove the sign'],
  [NaN, 'must be a finite quantity', "write one such as '500m' or '2Gi'"],
  [Infinity, 'must be a finite quantity', "write one such as '500m' or '2Gi'"],
  ['2GB', GRAMMAR, "write '2G'"],
  ['2gi', GRAMMAR, "write '2Gi'"],
  ['1K', GRAMMAR, "write '1k'"],
  ['1 Gi', GRAMMAR, "write '1Gi'"],
  ['two', GRAMMAR, "write one such as '500m' or '2Gi'"],
  ['', GRAMMAR, "write one such as '500m' or '2Gi'"],
  ['.', GRAMMAR, "write one such as '500m' or '2Gi'"],
  ['1e', GRAMMAR, "write one such as '500m' or '2Gi'"],
  ['1e100', GRAMMAR, "write one such as '500m' or '2Gi'"],
  ['8Ei', 'is more than Kubernetes can hold (2^63-1)', 'lower it'],
  ['1e19', 'is more than Kubernetes can hold (2^63-1)', 'lower it'],
])('fails if the quantity is %p', (quantity, rule, remedy) => {
  expect(quantityProblem(quantity)).toMatchObject({ rule, remedy });
});

test('memory is whole bytes, devices are whole, processors are not', () => {
  expect(resourceProblem('cpu', '500m')).toBeUndefined();
  expect(resourceProblem('memory', '1.5Gi')).toBeUndefined();
  expect(resourceProblem('memory', '512m')).toMatchObject({ rule: "must be a whole number of bytes (the suffix 'm' is a thousandth)", remedy: "write '512Mi'" });
  expect(resourceProblem('ephemeral-storage', '0.5')).toMatchObject({ rule: "must be a whole number of bytes (the suffix 'm' is a thousandth)", remedy: 'round it' });
  expect(resourceProblem('nvidia.com/gpu', 1)).toBeUndefined();
  expect(resourceProblem('nvidia.com/gpu', '0.5')).toMatchObject({ rule: "must be a whole number, 'nvidia.com/gpu' cannot be divided", remedy: 'round it' });
  expect(resourceProblem('cpu', '-1')).toMatchObject({ rule: 'must not be negative', remedy: 'remove the sign' });
});

test.each([['2', '1'], ['1001m', 1], ['1Gi', '1G'], ['1e3', '999'], ['0.1', '99m'], ['1025Mi', '1Gi']])('a request of %p exceeds a limit of %p', (request, limit) => {
  expect(requestExceedsLimit(request, limit)).toBe(true);
  expect(requestExceedsLimit(limit, request)).toBe(false);
});

test.each([['1', '1000m'], ['1024Mi', '1Gi'], ['0.1', '100m'], ['1k', '1e3'], ['1000000n', '1m']])('%p and %p are the same amount', (a, b) => {
  expect([requestExceedsLimit(a, b), requestExceedsLimit(b, a)]).toEqual([false, false]);
});

test('what is no quantity exceeds nothing', () => {
  expect(requestExceedsLimit('x', '1')).toBe(false);
});

test('whole numbers compare as numbers whatever their suffix', () => {
  fc.assert(fc.property(fc.nat(), fc.nat(), fc.constantFrom(['Ki', 1024], ['k', 1000], ['', 1]), (a, b, [suffix, factor]) => {
    expect(requestExceedsLimit(`${a}${suffix}`, b)).toBe(a * Number(factor) > b);
  }));
});
