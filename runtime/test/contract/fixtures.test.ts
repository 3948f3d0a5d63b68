import { nearest } from '../../src/contract/nearest.js';
import { filled } from '../../src/contract/placeholders.js';
import { withPodAffinityTerm, withSpreadSelector } from '../../src/contract/placement.js';
import { rungBudgets } from '../../src/contract/rung-budgets.js';
import { dataHashOf } from '../../src/shared/data-hash.js';
import { contractJson } from '../fixtures.js';

const { parameters, cases: texts } = contractJson('fixtures', 'placeholders.json');
test.each<{ text: string; filled: string }>(texts)('$text is filled in as $filled', ({ text, filled: expected }) => {
  expect(filled(text, ({ scope, name }) => (scope === 'workflow' && Object.hasOwn(parameters, name) ? parameters[name] : undefined))).toBe(expected);
});

test.each<{ budgets: Parameters<typeof rungBudgets>[0]; rungs: number[] }>(contractJson('fixtures', 'rung-budgets.json').cases)('$budgets gives the rungs $rungs', ({ budgets, rungs }) => {
  expect(rungBudgets(budgets)).toEqual(rungs);
});

const { known, cases: names } = contractJson('fixtures', 'nearest.json');
test.each<{ name: string; meant: string | null }>(names)('$name means $meant', ({ name, meant }) => {
  expect(nearest(name, known) ?? null).toBe(meant);
});

test.each<{ written: string; hash: string | null }>(contractJson('fixtures', 'data-hash.json').cases)('the data hash $written is read as $hash', ({ written, hash }) => {
  expect(dataHashOf(written) ?? null).toBe(hash);
});

const { term, affinities, labels, constraints } = contractJson('fixtures', 'placement.json');
test.each<{ affinity: Record<string, unknown> | null; joined: object }>(affinities)('the affinity $affinity and a term of ours give $joined', ({ affinity, joined }) => {
  expect(withPodAffinityTerm(affinity ?? undefined, term)).toEqual(joined);
});

test.each<{ constraint: Record<string, unknown>; selecting: object }>(constraints)('the constraint $constraint counts the pods of $selecting', ({ constraint, selecting }) => {
  expect(withSpreadSelector([constraint], labels)).toEqual([selecting]);
});
