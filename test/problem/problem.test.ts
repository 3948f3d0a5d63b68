import { invalid, ProblemError, requireValid } from '../../src/problem/error';
import { either, phrase, prop } from '../../src/problem/phrase';
import { detail, error, warning } from '../../src/problem/problem';
import { textOf } from '../../src/problem/render';

const BUDGET = error('app/axon/tuner', 'out-of-range', 'minBudget', 27, phrase`must not exceed ${prop('maxBudget')} (${9})`,
  either(phrase`swap them or raise ${prop('maxBudget')}`, 'swap them'));

test('a program reads names of properties', () => {
  expect(textOf(BUDGET, 'program')).toBe("'minBudget' (27) must not exceed 'maxBudget' (9), swap them or raise 'maxBudget'");
});

test('a file reads its keys, and the text that is meant for files', () => {
  expect(textOf(BUDGET, { words: { minBudget: 'budgets.least', maxBudget: 'budgets.most' } })).toBe("'least' (27) must not exceed 'most' (9), swap them");
});

test('a property without a key of its own keeps its name', () => {
  const problem = error('', 'resource-limit', 'resources.limits.cpu', '2', 'is wrong', 'lower it');
  expect(textOf(problem, { words: { resources: 'container.resources' } })).toBe("'resources.limits.cpu' (2) is wrong, lower it");
});

test('a quoted word that is no property stays as it is', () => {
  const problem = error('', 'duplicate', 'name', 'train', "is the name of another task of axon 'run'", 'rename one of them');
  expect(textOf(problem, { words: { run: 'tasks' } })).toBe("'name' (train) is the name of another task of axon 'run', rename one of them");
});

test('a problem of the whole has no value', () => {
  expect(textOf(error('', 'yaml-syntax', '', undefined, 'no valid YAML', 'correct the syntax'), 'program')).toBe('no valid YAML, correct the syntax');
});

test.each([
  ['a text', 'https://me:pw@host/x', 'https://***@host/x'],
  ['a list', ['a', 'b'], '["a","b"]'],
  ['nothing', undefined, 'undefined'],
  ['a long value', ['a'.repeat(200)], `["${'a'.repeat(115)}...`],
])('%s is shown without credentials and cut', (_, value, shown) => {
  expect(textOf(error('', 'empty', 'x', value, 'is wrong', 'change it'), 'program')).toBe(`'x' (${shown}) is wrong, change it`);
});

test('a warning is a problem of another severity', () => {
  expect(warning('a/b', 'unused', 'x', 1, 'is unused', 'remove it', { item: 2 })).toEqual({
    code: 'unused', severity: 'warning', path: 'a/b', prop: 'x', item: 2, value: 1, rule: 'is unused', remedy: 'remove it',
  });
});

test('an error that is thrown carries its problem', () => {
  const thrown = invalid('duplicate', 'on', 'tick', 'stands there twice', 'remove one', { item: 1 });
  expect(thrown).toBeInstanceOf(ProblemError);
  expect(thrown.message).toBe("'on' (tick) stands there twice, remove one");
  expect(thrown.problem).toMatchObject({ code: 'duplicate', severity: 'error', path: '', prop: 'on', item: 1, value: 'tick' });
});

test('what a validator found is thrown for its property', () => {
  expect(() => requireValid('name', '', detail('empty', 'must not be empty', 'give it a name'))).toThrow("'name' () must not be empty, give it a name");
  expect(() => requireValid('name', 'a', undefined)).not.toThrow();
});
