import { HeaderMatch, Rollout, RolloutRule } from '../../src';
import { messageOf } from '../helpers/manifests';

test('the newest version gets everything', () => {
  expect(Rollout.newestOnly()._toDocument()).toEqual([{ destinations: [{ generation: 0, weight: 100 }] }]);
});

test('the version before the newest gets what is left', () => {
  const [rule] = Rollout.generations({ newest: 80 })._toDocument();

  expect(rule).toEqual({ destinations: [{ generation: 0, weight: 80 }, { generation: 1, weight: 20 }] });
});

test('a newest version without traffic stays a destination, any other is left out', () => {
  const rule = RolloutRule.split({ weights: [0, 0, 100] })._toDocument();

  expect(rule).toEqual({ destinations: [{ generation: 0, weight: 0 }, { generation: 2, weight: 100 }] });
});

test('a rule can send copies, and be for requests with headers, whatever their order', () => {
  const rule = (match: HeaderMatch[]) => RolloutRule.split({ weights: [0, 100], shadow: 0, match })._toDocument();
  const [tester, beta] = [HeaderMatch.exact('x-tester', 'yes'), HeaderMatch.regex('x-beta', '^[0-9]+$')];

  expect(rule([tester, beta])).toEqual({
    destinations: [{ generation: 0, weight: 0 }, { generation: 1, weight: 100 }],
    shadow: { generation: 0 },
    match: [{ headers: { 'x-beta': { regex: '^[0-9]+$' }, 'x-tester': { exact: 'yes' } } }],
  });
  expect(JSON.stringify(rule([beta, tester]))).toBe(JSON.stringify(rule([tester, beta])));
});

test('a rollout speaks of as many generations as its rules name, shadows among them', () => {
  const first = RolloutRule.split({ weights: [100], shadow: 3, match: [HeaderMatch.prefix('x-tester', 'y')] });

  expect(Rollout.rules([first, RolloutRule.split({ weights: [100] })])._generations).toBe(4);
});

test.each<[string, () => unknown, string]>([
  ['weights do not sum to 100', () => RolloutRule.split({ weights: [80, 10] }), "'weights' (80 + 10) must sum to 100, and sum to 90, change them so that they do"],
  ['there are no weights', () => RolloutRule.split({ weights: [] }), "'weights' () must sum to 100, and sum to 0, change them so that they do"],
  ['a weight is a fraction', () => RolloutRule.split({ weights: [99.5, 0.5] }), "'weights' (99.5) must be a whole number of percent from 0 to 100, set a number in that range"],
  ['a weight is negative', () => Rollout.generations({ newest: -10 }), "'weights' (-10) must be a whole number of percent from 0 to 100, set a number in that range"],
  ['the previous version gets more than is left', () => Rollout.generations({ newest: 80, previous: 30 }), "'weights' (80 + 30) must sum to 100, and sum to 110, change them so that they do"],
  ['a shadow is no generation', () => RolloutRule.split({ weights: [100], shadow: -1 }), "'shadow' (-1) must be a generation: 0 is the newest version, 1 the one before it, set a whole number of at least 0"],
  ['a shadow has traffic of its own', () => RolloutRule.split({ weights: [100], shadow: 0 }), "'shadow' (0) has live traffic (100 percent), shadow a generation without live traffic, or remove it"],
  ['a header is matched twice', () => RolloutRule.split({ weights: [100], match: [HeaderMatch.exact('x', 'a'), HeaderMatch.prefix('x', 'b')] }), "'match' (x) is the header of two matches, remove one"],
  ['there are no rules', () => Rollout.rules([]), "'rules' ([]) must hold at least one rule, use 'Rollout.newestOnly()'"],
  ['no rule is for every request', () => Rollout.rules([RolloutRule.split({ weights: [100], match: [HeaderMatch.exact('x', 'a')] })]),
    "'rules' (1 rules) leave requests that match none of them without an answer, end with a rule that has no 'match'"],
  ['a rule is never reached', () => Rollout.rules([RolloutRule.split({ weights: [100] }), RolloutRule.split({ weights: [100] })]),
    "'rules' (rule 2) is never reached: rule 1 matches every request, put it before that one, or remove it"],
  ['a header has capitals', () => HeaderMatch.exact('X-Tester', 'yes'), "'header' (X-Tester) must be the name of a header: lower case letters, digits and dashes, write it in lower case"],
  ['a header must hold nothing', () => HeaderMatch.exact('x', ''), "'value' () must not be empty, set the text to match"],
  ['an expression is none', () => HeaderMatch.regex('x', '('), "'expression' (() must be a regular expression, fix its syntax"],
  ['an expression looks back', () => HeaderMatch.regex('x', '(a)\\1'), "'expression' ((a)\\1) has a back reference or a lookaround, which RE2 does not support, write it without them"],
])('fails if %s', (_, make, message) => {
  expect(messageOf(make)).toBe(message);
});
