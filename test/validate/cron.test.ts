import { phrase, prop } from '../../src/problem/phrase';
import { cronProblem } from '../../src/validate/cron';

test.each([
  '0 3 * * *', '*/5 * * * *', '0 0 1 1 *', '0 0 29 2 *', '0 9-17 * * mon-fri', '0,30 * * JAN,dec Sun', '0 0 31 * *', '0 0 30 feb 1', '5-59/15 * * * *',
  ' 0  3 * * 6 ', '0 0 30,31 2,3 *', '0 0 31 2 */2',
])('%p fires some day', (schedule) => {
  expect(cronProblem(schedule)).toBeUndefined();
});

test.each([
  ['', 'has 0 fields of five: minute, hour, day of the month, month, day of the week', "write one such as '0 3 * * *'"],
  ['0', 'has 1 field of five: minute, hour, day of the month, month, day of the week', "write one such as '0 3 * * *'"],
  ['0 0 3 * * *', 'has 6 fields of five: minute, hour, day of the month, month, day of the week', 'remove the field for seconds, a minute is the finest step'],
  ['@daily', 'must be written in five fields', "write '0 0 * * *'"],
  ['@every 5m', 'must be written in five fields', "write one such as '0 3 * * *'"],
  ['0 0 30 2 *', 'never fires, there is no day 30 in month 2', 'correct the day or the month'],
  ['0 0 31 apr,jun *', 'never fires, there is no day 31 in month apr,jun', 'correct the day or the month'],
  ['60 * * * *', "has '60' for the minute, which takes 0-59", 'use one of these'],
  ['0 24 * * *', "has '24' for the hour, which takes 0-23", 'use one of these'],
  ['0 0 0 * *', "has '0' for the day of the month, which takes 1-31", 'use one of these'],
  ['0 0 * foo *', "has 'foo' for the month, which takes 1-12 or jan-dec", 'use one of these'],
  ['0 0 * 1-13 *', "has '13' for the month, which takes 1-12 or jan-dec", 'use one of these'],
  ['0 0 * * 7', "has '7' for the day of the week, which takes 0-6 or sun-sat", 'write 0 for Sunday'],
  ['0 jan * * *', "has 'jan' for the hour, which takes 0-23", 'use one of these'],
  ['*/0 * * * *', 'has a step of 0 for the minute, which takes 1 to 60', 'use a step in that range'],
  ['*/61 * * * *', 'has a step of 61 for the minute, which takes 1 to 60', 'use a step in that range'],
  ['5/15 * * * *', "has '5/15' for the minute, a step needs a range to step through", "write '5-59/15'"],
  ['0 0 * * fri-mon', "has the range 'fri-mon' for the day of the week, which runs backwards", "write 'fri-6,0-mon'"],
  ['? * * * *', "has '?' for the minute, which takes *, numbers 0-59, ranges, steps and lists of these", "write '*'"],
  ['0 0 L * *', "has 'L' for the day of the month, which takes 1-31", 'use one of these'],
  ['0 0 15W * *', "has '15W' for the day of the month, which takes *, numbers 1-31, ranges, steps and lists of these", 'use plain numbers, other engines read L, W and # differently'],
  ['*-5 * * * *', "has '*-5' for the minute, which takes *, numbers 0-59, ranges, steps and lists of these", "use a form such as '0', '0-59' or '*/2'"],
  ['1,,2 * * * *', "has '' for the minute, which takes *, numbers 0-59, ranges, steps and lists of these", "use a form such as '0', '0-59' or '*/2'"],
])('fails if the schedule is %p', (schedule, rule, remedy) => {
  expect(cronProblem(schedule)).toMatchObject({ rule, remedy });
});

test('a time zone inside the schedule belongs to a property of its own', () => {
  expect(cronProblem('TZ=UTC 0 3 * * *')).toMatchObject({ rule: 'must not carry its time zone', remedy: phrase`write it as ${prop('timeZone')}` });
});
