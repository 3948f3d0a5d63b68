import { trialKey, type Outcome, type Search } from '../../../src/tuning/algorithms/algorithm.js';
import { hyperband } from '../../../src/tuning/algorithms/hyperband.js';
import { PARAMETERS } from './simulation.js';

// Brackets: 4 with 1, 2 with 2, 1 with 4; then 2 with 2, 1 with 4; then 3 with 4.
const SEARCH: Search = { seed: 5, parameters: PARAMETERS, budgets: { min: 1, max: 4, eta: 2, round: true } };

const keysOf = (outcomes: Map<string, Outcome>, search = SEARCH) =>
  [...hyperband(search, outcomes).trials].map(({ config, rung }) => trialKey(config, rung));
const told = (entries: Record<string, number | 'failed'>) =>
  new Map<string, Outcome>(Object.entries(entries).map(([key, end]) => [key, end === 'failed' ? end : { loss: end }]));

const SECOND_BRACKET = ['1_0_0/0', '1_0_1/0'];
const THIRD_BRACKET = ['2_0_0/0', '2_0_1/0', '2_0_2/0'];

test('a rung waits for all of its trials, the other brackets fill the room meanwhile', () => {
  const first = ['0_0_0/0', '0_0_1/0', '0_0_2/0', '0_0_3/0'];
  expect(keysOf(new Map())).toEqual([...first, ...SECOND_BRACKET, ...THIRD_BRACKET]);
  // Three of four have ended: nobody is promoted yet.
  expect(keysOf(told({ '0_0_0/0': 4, '0_0_1/0': 1, '0_0_3/0': 2 }))).toEqual([...first, ...SECOND_BRACKET, ...THIRD_BRACKET]);
  // The fourth has: the two best go on, before the trials of later brackets.
  const ended = told({ '0_0_0/0': 4, '0_0_1/0': 1, '0_0_2/0': 3, '0_0_3/0': 2 });
  expect(keysOf(ended)).toEqual([...first, '0_0_1/1', '0_0_3/1', ...SECOND_BRACKET, ...THIRD_BRACKET]);
});

test('a promoted configuration keeps its id and parameters and gets the budget of its rung', () => {
  const trials = [...hyperband(SEARCH, told({ '0_0_0/0': 4, '0_0_1/0': 1, '0_0_2/0': 3, '0_0_3/0': 2 })).trials];
  const [before, after] = trials.filter(({ config }) => config === '0_0_1');
  expect([before!.budget, after!.budget]).toEqual([1, 2]);
  expect(after!.parameters).toEqual(before!.parameters);
});

test('of equal losses the configuration that was drawn first is promoted, and wins', () => {
  const plan = hyperband(SEARCH, told({ '0_0_0/0': 2, '0_0_1/0': 1, '0_0_2/0': 1, '0_0_3/0': 1 }));
  expect(plan.rungs[1]!.configs).toEqual(['0_0_1', '0_0_2']);
  expect(plan.winner).toMatchObject({ config: '0_0_1', rung: 0 });
});

test('failed trials make a smaller next rung, not one of failures', () => {
  const plan = hyperband(SEARCH, told({ '0_0_0/0': 'failed', '0_0_1/0': 'failed', '0_0_2/0': 9, '0_0_3/0': 'failed' }));
  expect(plan.rungs.slice(0, 2)).toEqual([
    { bracket: 0, rung: 0, budget: 1, configs: ['0_0_0', '0_0_1', '0_0_2', '0_0_3'], succeeded: 1, failed: 3 },
    { bracket: 0, rung: 1, budget: 2, configs: ['0_0_2'], succeeded: 0, failed: 0 },
  ]);
});

test('a bracket whose rung failed as a whole ends, the others go on', () => {
  const plan = hyperband(SEARCH, told({ '0_0_0/0': 'failed', '0_0_1/0': 'failed', '0_0_2/0': 'failed', '0_0_3/0': 'failed' }));
  expect(plan.rungs.filter(({ bracket }) => bracket === 0)).toHaveLength(1);
  expect(plan.over).toBe(false);
});

test('the winner is the best at the largest budget, not the best of all', () => {
  const search = { ...SEARCH, brackets: 1 };
  const ended = told({ '0_0_0/0': 0.1, '0_0_1/0': 0.2, '0_0_2/0': 3, '0_0_3/0': 4, '0_0_0/1': 0.5, '0_0_1/1': 0.4, '0_0_1/2': 0.9 });
  expect(hyperband(search, ended)).toMatchObject({ over: true, winner: { config: '0_0_1', rung: 2, budget: 4 } });
});

test('where the largest budget was not survived, the best at the one below wins', () => {
  const search = { ...SEARCH, brackets: 1 };
  const ended = told({ '0_0_0/0': 0.1, '0_0_1/0': 0.2, '0_0_2/0': 3, '0_0_3/0': 4, '0_0_0/1': 0.5, '0_0_1/1': 0.4, '0_0_1/2': 'failed' });
  expect(hyperband(search, ended)).toMatchObject({ over: true, winner: { config: '0_0_1', rung: 1, budget: 2 } });
});

test('a bracket that comes again draws other configurations', () => {
  const rates = [...hyperband({ ...SEARCH, brackets: 6 }, new Map()).trials].map(({ parameters }) => parameters.rate);
  expect(rates).toHaveLength(2 * (4 + 2 + 3));
  expect(new Set(rates).size).toBe(rates.length);
});

test('golden: what seed 5 draws stays the same, release after release', () => {
  const drawn = [...hyperband(SEARCH, new Map()).trials].slice(0, 3).map(({ parameters: { activation, rate, units } }) =>
    [activation, Number((rate as number).toPrecision(12)), units]);
  expect(drawn).toEqual([['tanh', 0.00110068580864, 232], ['tanh', 0.000950077688267, 61], ['tanh', 0.000106380902087, 136]]);
});
