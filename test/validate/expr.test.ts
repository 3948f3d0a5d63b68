import * as fc from 'fast-check';
import { metricConditions } from '../../src/validate/expr';

test.each([
  ['{{churn_auc}} > 0.78', [['churn_auc', '>', 0.78]]],
  ['0.78 < {{ churn_auc }}', [['churn_auc', '>', 0.78]]],
  ['accuracy>=.9', [['accuracy', '>=', 0.9]]],
  ['1e-3 >= loss', [['loss', '<=', 0.001]]],
  ['a == 1 && b != -2 and {{live-auc}} <= +3', [['a', '==', 1], ['b', '!=', -2], ['live-auc', '<=', 3]]],
  ['{{a}}>1and{{b}}<2', [['a', '>', 1], ['b', '<', 2]]],
  ['{{a}} > 1 AND {{brand}} < 2', [['a', '>', 1], ['brand', '<', 2]]],
  ['error_or_band < 1', [['error_or_band', '<', 1]]],
])('%s compares %j', (condition, expected) => {
  expect(metricConditions(condition)).toEqual(expected.map(([metric, operator, threshold]) => ({ metric, operator, threshold })));
});

const EXAMPLE = "write one such as '{{accuracy}} > 0.9'";
const OVER_TIME = `${EXAMPLE}, an expression over time is for an Alert trigger`;
test.each([
  [' ', 'must not be empty', EXAMPLE],
  ['a > 1 || b > 2', "must not contain 'or', all comparisons of a condition have to hold", 'use two sensors'],
  ['a > 1 or b > 2', "must not contain 'or', all comparisons of a condition have to hold", 'use two sensors'],
  ['a > 1 &&', "has nothing on one side of 'and'", EXAMPLE],
  ['a = 1', "compares 'a = 1' by '='", "write '=='"],
  ['{{a}}', "has no comparison in '{{a}}'", OVER_TIME],
  ['0 < a < 1', "compares twice in '0 < a < 1'", "write two comparisons joined by 'and'"],
  ['1 < 2', "compares two numbers in '1 < 2'", EXAMPLE],
  ['{{a}} > {{b}}', "compares two metrics in '{{a}} > {{b}}'", "compare one with a number, or with the live version by a condition of type 'BetterThanLive'"],
  ['> 1', 'lacks one side of a comparison', EXAMPLE],
  ['a >', "has '' where a number is expected", EXAMPLE],
  ['live-auc > 1', "has 'live-auc' where a metric is expected", "write '{{live-auc}}'"],
  ['avg(a) > 1', "has 'avg(a)' where a metric is expected", OVER_TIME],
  ['{{a b}} > 1', "has '{{a b}}' where a metric is expected", OVER_TIME],
  ['a > 50%', 'compares with 50%, which is no number', 'write 0.5'],
  ['a > 1e999', 'compares with 1e999, which is beyond what a number holds', 'use a number below 1e308'],
  ['a > (1)', "has '(1)' where a number is expected", EXAMPLE],
])('fails if the condition is %p', (condition, rule, remedy) => {
  expect(metricConditions(condition)).toMatchObject({ rule, remedy });
});

test('any comparison reads back, from either side', () => {
  const flip: Record<string, string> = { '>': '<', '>=': '<=', '<': '>', '<=': '>=', '==': '==', '!=': '!=' };
  // String(-0) is '0', so it cannot come back.
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0);
  fc.assert(fc.property(fc.constantFrom(...Object.keys(flip)), number, (operator, threshold) => {
    const expected = [{ metric: 'm', operator, threshold }];
    expect(metricConditions(`{{m}} ${operator} ${threshold}`)).toEqual(expected);
    expect(metricConditions(`${threshold} ${flip[operator]} m`)).toEqual(expected);
  }));
});

test('no text makes it throw', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'ab{}<>=!&|1. -%') }), (text) => {
    expect(metricConditions(text)).toBeDefined();
  }));
});
