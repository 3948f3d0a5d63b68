import fc from 'fast-check';
import { trialKey, type Algorithm, type Outcome } from '../../../src/tuning/algorithms/algorithm.js';
import { ALGORITHMS } from '../../../src/tuning/algorithms/known-algorithms.js';
import { runSearch, searches, worldOf, worlds } from './simulation.js';

const RUNS = { numRuns: 20 };
const first = () => 0;
/** In which order trials end. */
const orders = fc.infiniteStream(fc.nat()).map((stream) => (running: number) => stream.next().value! % running);

describe.each(Object.entries(ALGORITHMS) as [string, Algorithm][])('%s', (_, algorithm) => {
  test('the same search and outcomes give the same plan', () => {
    fc.assert(fc.property(searches, worlds, (search, world) => {
      const { ended } = runSearch(algorithm, search, world, 3, first);
      const outcomes = new Map<string, Outcome>(ended.slice(0, ended.length / 2).map(([key, end]) => [key, end]));
      const [one, other] = [algorithm(search, outcomes), algorithm(search, new Map([...outcomes].reverse()))];
      expect({ ...one, trials: [...one.trials] }).toEqual({ ...other, trials: [...other.trials] });
      expect([...one.trials]).toEqual([...one.trials]);
    }), RUNS);
  });

  test('whatever the order of ends and the room, the same trials end with the same winner, none twice', () => {
    fc.assert(fc.property(searches, worlds, fc.integer({ min: 1, max: 9 }), orders, (search, world, concurrency, order) => {
      const undisturbed = runSearch(algorithm, search, world, 1, first);
      const other = runSearch(algorithm, search, world, concurrency, order);
      expect(other.ended).toEqual(undisturbed.ended);
      expect(other.winner).toEqual(undisturbed.winner);
      expect(new Set(other.started).size).toBe(other.started.length);
      expect([...other.started].sort()).toEqual(other.ended.map(([key]) => key).sort());
    }), RUNS);
  });

  test('more outcomes only add trials: those that were there stay as they were', () => {
    fc.assert(fc.property(searches, worlds, (search, world) => {
      const { started } = runSearch(algorithm, search, world, 4, first);
      const outcomes = new Map<string, Outcome>();
      let before: string[] = [];
      for (const key of started) {
        const trials = [...algorithm(search, outcomes).trials];
        const texts = trials.map((trial) => JSON.stringify(trial));
        expect(texts).toEqual(expect.arrayContaining(before));
        before = texts;
        outcomes.set(key, world(trials.find(({ config, rung }) => trialKey(config, rung) === key)!));
      }
    }), { numRuns: 8 });
  });

  test('a trial that failed is never promoted, and is no winner', () => {
    fc.assert(fc.property(searches, worlds, (search, world) => {
      const { ended, winner } = runSearch(algorithm, search, world, 2, first);
      const ends = new Map(ended.map(([key, end]) => [key, end]));
      for (const key of ends.keys()) {
        const [config, rung] = key.split('/');
        if (rung !== '0') expect(ends.get(trialKey(config!, Number(rung) - 1))).not.toBe('failed');
      }
      expect(winner === undefined).toBe([...ends.values()].every((end) => end === 'failed'));
      if (winner) expect(ends.get(trialKey(winner.config, winner.rung))).not.toBe('failed');
    }), RUNS);
  });

  test('a search in which every trial fails is over after the first rungs, without a winner', () => {
    fc.assert(fc.property(searches, (search) => {
      const { ended, winner } = runSearch(algorithm, search, () => 'failed', 3, first);
      expect(winner).toBeUndefined();
      expect(ended.every(([key]) => key.endsWith('/0'))).toBe(true);
    }), RUNS);
  });

  test('ids are of the form bracket, rung, number, and budgets are those of the study', () => {
    fc.assert(fc.property(searches, worlds, (search, world) => {
      const plan = algorithm(search, new Map(runSearch(algorithm, search, world, 3, first).ended.map(([key, end]) => [key, end])));
      for (const { config, bracket, budget } of plan.trials) {
        expect(config).toMatch(new RegExp(`^${bracket}_0_\\d+$`));
        expect(budget).toBeGreaterThan(0);
        expect(budget).toBeLessThanOrEqual(search.budgets.max);
      }
    }), RUNS);
  });

  test('another seed draws other configurations, but for what the user believes in', () => {
    const search = { seed: 1, parameters: fc.sample(searches, 1)[0]!.parameters, budgets: { min: 1, max: 9, eta: 3, round: false }, trials: 9 };
    const drawn = (seed: number) => [...algorithm({ ...search, seed }, new Map()).trials].map(({ parameters }) => parameters);
    expect(drawn(1)[0]).toMatchObject({ activation: 'tanh' });
    expect(drawn(2)[0]).toMatchObject({ activation: 'tanh' });
    expect(new Set([...drawn(1), ...drawn(2)].map(({ rate }) => rate)).size).toBe(2 * drawn(1).length);
  });
});

test('a look at the first trials of a large search does not draw all of them', () => {
  const search = { seed: 1, parameters: fc.sample(searches, 1)[0]!.parameters, budgets: { min: 1, max: 1, eta: 3, round: false }, trials: 200_000 };
  const [trial] = ALGORITHMS.random(search, new Map()).trials;
  expect(trial).toMatchObject({ config: '0_0_0', budget: 1 });
});

test('worlds of the tests hold ties and failures', () => {
  const ends = Array.from({ length: 200 }, (_, number) => worldOf(1, 0.2)({ config: `0_0_${number}`, bracket: 0, rung: 0, budget: 1, parameters: {} }));
  const losses = ends.filter((end) => end !== 'failed').map((end) => (end as { loss: number }).loss);
  expect(losses.length).toBeLessThan(200);
  expect(new Set(losses).size).toBeLessThan(losses.length);
});
