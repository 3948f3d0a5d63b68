import fc from 'fast-check';
import type { StudyParameter } from '../../../src/contract/documents.js';
import { trialKey, type Algorithm, type Outcome, type Search, type Trial } from '../../../src/tuning/algorithms/algorithm.js';

export const PARAMETERS: StudyParameter[] = [
  { kind: 'categorical', name: 'activation', values: ['relu', 'tanh'], default: 'tanh' },
  { kind: 'float', name: 'rate', min: 1e-4, max: 1e-1, log: true },
  { kind: 'integer', name: 'units', min: 16, max: 256, log: true },
];

/** A search of at most some hundred trials. */
export const searches: fc.Arbitrary<Search> = fc.record({
  seed: fc.integer({ min: 0, max: 0xffffffff }),
  parameters: fc.constant(PARAMETERS),
  budgets: fc.record({ min: fc.constantFrom(1, 2, 0.5), max: fc.constantFrom(4, 9, 27), eta: fc.constantFrom(2, 3, 4), round: fc.boolean() }),
  brackets: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
  trials: fc.integer({ min: 1, max: 40 }),
});

/** How the trials of a world end, as a function of the trial alone: the same however the search comes to it. */
export type World = (trial: Trial) => Outcome;

/** Some losses are equal, and a share of the trials fails. */
export function worldOf(salt: number, failing: number): World {
  return ({ config, rung }) => {
    const number = [...`${salt}/${config}/${rung}`].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 1_000_003, 7) / 1_000_003;
    return number < failing ? 'failed' : { loss: Math.round(number * 50) / 50 };
  };
}

export const worlds: fc.Arbitrary<World> = fc.tuple(fc.nat(1000), fc.constantFrom(0, 0.2, 0.6, 1)).map(([salt, failing]) => worldOf(salt, failing));

/** What came of a search. */
export interface Course {
  /** All trials with their ends, in the order of the last plan. */
  readonly ended: readonly (readonly [key: string, end: Outcome, parameters: string])[];
  readonly winner?: Trial;
  /** Keys in the order in which they were started. */
  readonly started: readonly string[];
}

/**
 * Runs a search to its end: up to `concurrency` trials at once, of which the one that `next` names (a number below that of those
 * running) ends next.
 */
export function runSearch(algorithm: Algorithm, search: Search, world: World, concurrency: number, next: (running: number) => number): Course {
  const outcomes = new Map<string, Outcome>();
  const running = new Map<string, Trial>();
  const started: string[] = [];
  for (;;) {
    const plan = algorithm(search, outcomes);
    if (plan.over) {
      const ended = [...plan.trials].map((trial) => {
        const key = trialKey(trial.config, trial.rung);
        return [key, outcomes.get(key)!, JSON.stringify([trial.budget, trial.parameters])] as const;
      });
      return { ended, started, ...(plan.winner && { winner: plan.winner }) };
    }
    for (const trial of plan.trials) {
      if (running.size === concurrency) break;
      const key = trialKey(trial.config, trial.rung);
      if (running.has(key) || outcomes.has(key)) continue;
      started.push(key);
      running.set(key, trial);
    }
    if (running.size === 0) throw new Error('the search is not over, but has no trial to run');
    const [key, trial] = [...running][next(running.size)]!;
    running.delete(key);
    outcomes.set(key, world(trial));
  }
}
