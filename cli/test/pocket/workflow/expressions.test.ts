import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Depends } from '../../../src/pocket/workflow/depends.js';
import { milliseconds } from '../../../src/pocket/workflow/duration.js';
import { evaluateBoolean, nested } from '../../../src/pocket/workflow/expression/expr.js';
import { compileGovaluate, evaluateWhen } from '../../../src/pocket/workflow/expression/govaluate.js';
import type { NodePhase } from '../../../src/pocket/workflow/types.js';

describe('when', () => {
  test.each([
    ["'pass' == 'pass'", true],
    ["'wait' == 'pass'", false],
    ["'' == '' || '' != ''", true],
    ["'1a' == '' || '1a' != '1b'", true],
    ["'1a' == '' || '1a' != '1a'", false],
    ['0.97 > 0.95 && 3 >= 3', true],
    ['foo != bar', true],
    ['"a" == \'a\'', true],
    ['!(1 == 2)', true],
    ['!true || false', false],
    ["'b' in ('a', 'b')", true],
    ["'heads' =~ '^h'", true],
    ['1 + 2 * 3 == 7', true],
    ["5 == '5'", false],
    ['true ? 1 == 1 : false', true],
  ])('%s is %s', (when, expected) => {
    expect(evaluateWhen(when)).toBe(expected);
  });

  test('a backslash takes the next character as it is', () => {
    expect(evaluateWhen(String.raw`'it\'s' == 'it\'s'`)).toBe(true);
    expect(evaluateWhen(String.raw`'a\b' == 'ab'`)).toBe(true);
  });

  test.each([
    ["'it's' == 'pass'", 'Invalid'],
    ['\'a "b" c\' == \'pass\'', 'Invalid'],
    ["'a' ==", 'Invalid'],
    ["'a' === 'b'", "Invalid token: '==='"],
    ["'a'", 'Expected boolean'],
    ['3', 'Expected boolean'],
  ])('fails if it is no condition: %s', (when, message) => {
    expect(() => evaluateWhen(when)).toThrow(message);
  });

  test('conditions of a Sensor know dependencies by their names, dashes included', () => {
    const condition = compileGovaluate('task\\-a && (task\\-b || other)', 'variables');
    expect(condition({ 'task-a': true, 'task-b': false, 'other': true })).toBe(true);
    expect(condition({ 'task-a': true, 'task-b': false, 'other': false })).toBe(false);
    expect(() => condition({})).toThrow("No parameter 'task-a' found");
  });
});

describe('expressions of strategies and hooks', () => {
  const scope = nested([['lastRetry.exitCode', '65'], ['lastRetry.status', 'Failed'], ['tasks.task-train.status', 'Error'], ['retries', '2']]);

  test.each([
    ['asInt(lastRetry.exitCode) != 65', false],
    ['asInt(lastRetry.exitCode) == 65 && lastRetry.status == "Failed"', true],
    ['tasks["task-train"].status in ["Failed", "Error"]', true],
    ["tasks['task-train'].status not in ['Failed', 'Error']", false],
    ['asInt(retries) < 3 and not (lastRetry.status == "Error")', true],
    ['lastRetry.missing ?? "none" == "none"', true],
    ['lastRetry.status matches "^F" ? true : false', true],
    ['lastRetry.status startsWith "F" && lastRetry.status contains "ail" && lastRetry.status endsWith "ed"', true],
    ['len(lastRetry.status) == 6 || asFloat("1.5") > 1', true],
    ['"it\\"s" == \'it"s\' && `raw\\n` == "raw\\\\n"', true],
    ['2 ** 3 == 8 && -3 + 5 == 2 && 7 % 4 == 3', true],
  ])('%s is %s', (expression, expected) => {
    expect(evaluateBoolean(expression, scope)).toBe(expected);
  });

  test.each([
    ['asInt("a") == 1', 'int("a")'],
    ['nobody == 1', 'unknown name nobody'],
    ['lastRetry.status', 'to bool'],
    ['filter(retries, {# > 1})', 'unable to parse'],
    ['1 +', 'unexpected end'],
  ])('fails if %s', (expression, message) => {
    expect(() => evaluateBoolean(expression, scope)).toThrow(message);
  });

  test('a value cannot become part of an expression', () => {
    fc.assert(fc.property(fc.string(), (value) => {
      expect(evaluateBoolean('value == same', { value, same: value })).toBe(true);
    }));
  });
});

describe('depends', () => {
  const phases: Record<string, NodePhase> = { 'a': 'Succeeded', 'b-1': 'Failed', 'c': 'Skipped', 'd': 'Omitted', 'e': 'Error' };
  const met = (text: string): boolean => new Depends(text).met((task) => phases[task]!);

  test.each([
    ['a', true],
    ['a.Succeeded', true],
    ['c', true],
    ['c.Succeeded', false],
    ['c.Skipped', true],
    ['d', false],
    ['d.Omitted', true],
    ['b-1', false],
    ['a.Succeeded && (b-1.Failed || c)', true],
    ['a.Succeeded && !b-1.Failed', false],
    ['e.Errored || e.Failed', true],
    ['a && b-1 || c', true],
  ])('%s is %s', (text, expected) => {
    expect(met(text)).toBe(expected);
  });

  test('every task that is named is waited for', () => {
    expect(new Depends('a.Succeeded && (b-1.Failed || c) && a').tasks).toEqual(['a', 'b-1', 'c']);
  });

  test.each(['a &&', '(a', 'a b', 'a | b', ''])('fails if it is no condition: %p', (text) => {
    expect(() => new Depends(text)).toThrow('is no condition over tasks');
  });

  test('fails if a result is unknown', () => {
    expect(() => new Depends('a.Done')).toThrow("task result 'Done' for task 'a' is invalid");
  });
});

test('durations are seconds or as Go writes them', () => {
  expect([milliseconds('90'), milliseconds(5), milliseconds('10s'), milliseconds('1h30m'), milliseconds('1.5s'), milliseconds('20ms')])
    .toEqual([90_000, 5000, 10_000, 5_400_000, 1500, 20]);
  expect(() => milliseconds('1 day')).toThrow('unable to parse 1 day as a duration');
});

// Recorded, over random conditions, from Knetic/govaluate of 2025-03-25 and expr-lang/expr 1.17.7: those of Argo Workflows 3.7.18. null is an error.
describe('what the real ones said', () => {
  const recorded = (file: string): [string, boolean | null][] => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as [string, boolean | null][];
  const answers = (cases: [string, boolean | null][], evaluate: (text: string) => boolean): [string, boolean | null][] => cases.map(([text]) => {
    try {
      return [text, evaluate(text)];
    } catch {
      return [text, null];
    }
  });

  test('govaluate says of a when is said here', () => {
    const cases = recorded('./govaluate.json');
    expect(answers(cases, evaluateWhen)).toEqual(cases);
  });

  test('expr-lang says of an expression is said here', () => {
    const cases = recorded('./expr.json');
    const scope = nested([
      ['lastRetry.exitCode', '65'], ['lastRetry.status', 'Failed'], ['lastRetry.duration', '1.5'], ['lastRetry.message', 'it\'s "x"'], ['retries', '2'],
      ['tasks.task-train.status', 'Error'],
    ]);
    expect(answers(cases, (text) => evaluateBoolean(text, scope))).toEqual(cases);
  });
});
