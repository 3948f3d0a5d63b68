import * as fc from 'fast-check';
import { didYouMean, editDistance, nearest } from '../../src/contract/nearest';

test.each([['', 'abc', 3], ['ab', 'ba', 1], ['raet', 'rate', 1], ['buider', 'builder', 1], ['kitten', 'sitting', 3], ['ca', 'abc', 3]])('%p and %p are %d edits apart', (a, b, edits) => {
  expect(editDistance(a, b)).toBe(edits);
});

test('the distance is the same both ways, nothing to itself, and at most the longer length', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => {
    expect(editDistance(a, b)).toBe(editDistance(b, a));
    expect(editDistance(a, a)).toBe(0);
    expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
  }));
});

test.each([
  ['buiderImage', 'builderImage'], ['build_location', 'buildLocation'], ['Image', 'image'], ['imagebuild', 'imageBuild'], ['env', 'env'],
])('%s was meant to be %s', (name, meant) => {
  expect(nearest(name, ['env', 'image', 'imageBuild', 'builderImage', 'buildLocation'])).toBe(meant);
});

test('what is like nothing known suggests nothing', () => {
  expect(nearest('zzzzzz', ['image', 'env'])).toBeUndefined();
  expect(nearest('x', ['y'])).toBeUndefined();
  expect(didYouMean('zzzzzz', ['image'])).toBe('');
  expect(didYouMean('imgae', ['image'])).toBe(", did you mean 'image'");
});
