import { timezoneProblem } from '../../src/validate/timezone';

test.each(['UTC', 'Europe/Paris', 'America/Argentina/Buenos_Aires', 'Asia/Calcutta', 'Asia/Kolkata', 'US/Pacific', 'Etc/GMT+5', 'GMT'])('%s is a time zone', (timezone) => {
  expect(timezoneProblem(timezone)).toBeUndefined();
});

test.each([
  ['europe/paris', "did you mean 'Europe/Paris'"],
  ['Europe/Pari', "did you mean 'Europe/Paris'"],
  ['Berlin', "did you mean 'Europe/Berlin'"],
  ['utc', "did you mean 'UTC'"],
  ['qqqqqqqqqqqqqqqqqqqqqqqqqqq', "write one such as 'Europe/Paris' or 'UTC'"],
])('fails if the time zone is %s', (timezone, remedy) => {
  expect(timezoneProblem(timezone)).toMatchObject({ rule: 'is no time zone of the IANA database', remedy });
});

test.each(['+01:00', 'UTC+2', 'GMT-3'])('fails if the time zone is the offset %s', (timezone) => {
  expect(timezoneProblem(timezone)).toMatchObject({ rule: 'must be the name of a time zone, not an offset', remedy: "write one such as 'Europe/Paris' or 'UTC'" });
});
