import fc from 'fast-check';
import type { StudyParameter } from '../../../src/contract/documents.js';
import { uniform } from '../../../src/tuning/algorithms/random-generator.js';
import { argumentText, defaultPoint, pointOf } from '../../../src/tuning/algorithms/space.js';

const valueAt = (parameter: StudyParameter, random: number) => pointOf([parameter], () => random)[parameter.name];
const samples = (parameter: StudyParameter, count: number) => Array.from({ length: count }, (_, i) => valueAt(parameter, uniform(3, i)));
const LAST = 1 - 2 ** -53;

function shares(values: readonly unknown[]): Map<unknown, number> {
  const found = new Map<unknown, number>();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1 / values.length);
  return found;
}

test('choices are equally likely, and so are whole numbers, both ends included', () => {
  const choices = shares(samples({ kind: 'categorical', name: 'a', values: ['x', 'y', 'z'] }, 30_000));
  const numbers = shares(samples({ kind: 'integer', name: 'a', min: -1, max: 3, log: false }, 30_000));
  expect([...choices.keys()].sort()).toEqual(['x', 'y', 'z']);
  for (const share of choices.values()) expect(share).toBeCloseTo(1 / 3, 1);
  expect([...numbers.keys()].sort()).toEqual([-1, 0, 1, 2, 3]);
  for (const share of numbers.values()) expect(share).toBeCloseTo(1 / 5, 1);
});

test('whole numbers on a logarithmic scale have each the share of the half on either side of them, the ends too', () => {
  const found = shares(samples({ kind: 'integer', name: 'a', min: 2, max: 9, log: true }, 60_000));
  const whole = Math.log(9.5 / 1.5);
  for (let value = 2; value <= 9; value++) {
    const share = Math.log((value + 0.5) / (value - 0.5)) / whole;
    expect(Math.abs(found.get(value)! - share)).toBeLessThan(0.01);
  }
});

test('real numbers on a logarithmic scale are as often in one decade as in another', () => {
  const values = samples({ kind: 'float', name: 'a', min: 1e-4, max: 1e-1, log: true }, 30_000) as number[];
  const decades = shares(values.map((value) => Math.floor(Math.log10(value))));
  for (const decade of [-4, -3, -2]) expect(decades.get(decade)).toBeCloseTo(1 / 3, 1);
});

test('values never leave their range, whatever the random number and however large the range', () => {
  const random = fc.oneof(fc.constantFrom(0, LAST), fc.double({ min: 0, max: LAST, noNaN: true }));
  const bounds = (numbers: fc.Arbitrary<number>) => fc.tuple(numbers, numbers).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  const real = fc.double({ noNaN: true, noDefaultInfinity: true });
  const positive = fc.double({ min: 1e-300, max: 1e300, noNaN: true });
  const whole = fc.maxSafeInteger();
  const natural = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  const check = (kind: 'float' | 'integer', log: boolean) => ([min, max]: readonly [number, number], number: number) => {
    const value = valueAt({ kind, name: 'a', min, max, log }, number) as number;
    expect(value >= min && value <= max && !Object.is(value, -0)).toBe(true);
    if (kind === 'integer') expect(Number.isInteger(value)).toBe(true);
  };
  fc.assert(fc.property(bounds(real), random, check('float', false)));
  fc.assert(fc.property(bounds(positive), random, check('float', true)));
  fc.assert(fc.property(bounds(whole), random, check('integer', false)));
  fc.assert(fc.property(bounds(natural), random, check('integer', true)));
});

test('a range of one value gives that value', () => {
  expect(valueAt({ kind: 'integer', name: 'a', min: 5, max: 5, log: true }, LAST)).toBe(5);
  expect(valueAt({ kind: 'float', name: 'a', min: 0.1, max: 0.1, log: true }, 0.3)).toBe(0.1);
});

test('the argument of a trial is exactly its value when read again', () => {
  const numbers = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  fc.assert(fc.property(numbers, (value) => Number(argumentText(value)) === value));
});

test('whole numbers have no fraction and no exponent, for code that calls int() on them', () => {
  expect([27, 1e21, 3e22, -5, 0].map(argumentText)).toEqual(['27', '1000000000000000000000', '30000000000000000000000', '-5', '0']);
  expect(argumentText(10 / 3)).toBe('3.3333333333333335');
  expect(argumentText(1e-7)).toBe('1e-7');
  expect(argumentText('relu')).toBe('relu');
});

test('the default point holds the defaults, and elsewhere what was drawn', () => {
  const parameters: StudyParameter[] = [
    { kind: 'float', name: 'rate', min: 0, max: 1, log: false, default: 0 },
    { kind: 'categorical', name: 'kind', values: ['a', 'b'], default: 'b' },
    { kind: 'integer', name: 'units', min: 1, max: 4, log: false },
  ];
  expect(defaultPoint(parameters, () => 0.5)).toEqual({ rate: 0, kind: 'b', units: 3 });
});

test('a parameter may have any name that the contract allows', () => {
  const point = pointOf([{ kind: 'integer', name: '__proto__', min: 1, max: 1, log: false }], () => 0);
  expect(JSON.stringify(point)).toBe('{"__proto__":1}');
});
