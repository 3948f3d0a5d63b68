import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '../../src/contract/nearest';
import { filled } from '../../src/contract/placeholders';
import { withPodAffinityTerm, withSpreadSelector } from '../../src/contract/placement';
import { rungBudgets } from '../../src/contract/rung-budgets';

/** The golden cases of the contract, which the runtime is tested with, too. */
function fixture(name: string) {
  return JSON.parse(readFileSync(join(__dirname, '../../contract/fixtures', `${name}.json`), 'utf8'));
}

const { parameters, cases: texts } = fixture('placeholders');
test.each<{ text: string; filled: string }>(texts)('$text is filled in as $filled', ({ text, filled: expected }) => {
  expect(filled(text, ({ scope, name }) => (scope === 'workflow' && Object.hasOwn(parameters, name) ? parameters[name] : undefined))).toBe(expected);
});

test.each<{ budgets: Parameters<typeof rungBudgets>[0]; rungs: number[] }>(fixture('rung-budgets').cases)('$budgets gives the rungs $rungs', ({ budgets, rungs }) => {
  expect(rungBudgets(budgets)).toEqual(rungs);
});

const { known, cases: names } = fixture('nearest');
test.each<{ name: string; meant: string | null }>(names)('$name means $meant', ({ name, meant }) => {
  expect(nearest(name, known) ?? null).toBe(meant);
});

const { term, affinities, labels, constraints } = fixture('placement');
test.each<{ affinity: Record<string, unknown> | null; joined: object }>(affinities)('the affinity $affinity and a term of ours give $joined', ({ affinity, joined }) => {
  expect(withPodAffinityTerm(affinity ?? undefined, term)).toEqual(joined);
});

test.each<{ constraint: Record<string, unknown>; selecting: object }>(constraints)('the constraint $constraint counts the pods of $selecting', ({ constraint, selecting }) => {
  expect(withSpreadSelector([constraint], labels)).toEqual([selecting]);
});
