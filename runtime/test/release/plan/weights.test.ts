import fc from 'fast-check';
import type { RolloutRule } from '../../../src/contract/documents.js';
import { apportion, generationShares, shadowGeneration } from '../../../src/release/plan/weights.js';

const shares = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 12 }).filter((list) => list.some((share) => share > 0));

/** Rules as synth makes them: whole per cents that sum to 100. */
const rules: fc.Arbitrary<RolloutRule> = fc.record({
  destinations: shares.map((list) => apportion(list).map((weight, generation) => ({ generation, weight }))),
  shadow: fc.option(fc.record({ generation: fc.integer({ min: 0, max: 12 }) }), { nil: undefined }),
});

const rule = (weights: readonly number[], shadow?: number): RolloutRule => ({
  destinations: weights.map((weight, generation) => ({ generation, weight })), ...(shadow !== undefined && { shadow: { generation: shadow } }),
});

describe('apportion', () => {
  test('the parts are whole, sum to the total, and are each less than one away from their exact share', () => {
    fc.assert(fc.property(shares, fc.integer({ min: 1, max: 1000 }), (list, total) => {
      const parts = apportion(list, total);
      const sum = list.reduce((all, share) => all + share, 0);
      expect(parts.reduce((all, part) => all + part, 0)).toBe(total);
      parts.forEach((part, index) => {
        expect(Number.isInteger(part)).toBe(true);
        expect(Math.abs(part - (list[index]! * total) / sum)).toBeLessThan(1);
      });
    }));
  });

  test.each([[[1, 1, 1], [34, 33, 33]], [[80, 20], [80, 20]], [[0, 5], [0, 100]], [[70, 20], [78, 22]], [[2, 2, 2, 1], [29, 29, 28, 14]]])(
    '%j becomes %j', (list, parts) => expect(apportion(list)).toEqual(parts),
  );
});

describe('shares of generations', () => {
  test('sum to 100 and name only what is live', () => {
    fc.assert(fc.property(rules, fc.integer({ min: 1, max: 14 }), (some, live) => {
      const found = generationShares(some, live);
      expect(found.reduce((all, { weight }) => all + weight, 0)).toBe(100);
      expect(found.every(({ generation, weight }) => generation >= 0 && generation < live && weight > 0)).toBe(true);
    }));
  });

  test('while all are live they are what the rule says', () => {
    const found = generationShares(rule([80, 15, 5]), 3);
    expect(found).toEqual([{ generation: 0, weight: 80 }, { generation: 1, weight: 15 }, { generation: 2, weight: 5 }]);
  });

  test('what is missing is left out and the rest scaled up', () => {
    expect(generationShares(rule([80, 15, 5]), 2)).toEqual([{ generation: 0, weight: 84 }, { generation: 1, weight: 16 }]);
    expect(generationShares(rule([80, 15, 5]), 1)).toEqual([{ generation: 0, weight: 100 }]);
  });

  test('when no generation of the rule is there, the oldest one gets all', () => {
    expect(generationShares(rule([0, 0, 100]), 2)).toEqual([{ generation: 1, weight: 100 }]);
    expect(generationShares({ destinations: [{ generation: 1, weight: 100 }] }, 1)).toEqual([{ generation: 0, weight: 100 }]);
  });
});

describe('a shadow', () => {
  test('is a live generation that answers nothing itself', () => {
    fc.assert(fc.property(rules, fc.integer({ min: 1, max: 14 }), (some, live) => {
      const shadow = shadowGeneration(some, live);
      if (shadow === undefined) return;
      expect(shadow).toBeLessThan(live);
      expect(generationShares(some, live).map(({ generation }) => generation)).not.toContain(shadow);
    }));
  });

  test('of the newest waits until there is another one to answer', () => {
    expect(shadowGeneration(rule([0, 100], 0), 1)).toBeUndefined();
    expect(shadowGeneration(rule([0, 100], 0), 2)).toBe(0);
  });

  test('is none without a rule for one, and none of a generation that is missing', () => {
    expect(shadowGeneration(rule([100]), 2)).toBeUndefined();
    expect(shadowGeneration(rule([100], 2), 2)).toBeUndefined();
  });
});
