import { Duration } from 'cdk8s';
import { Schedule, Sensor, Trigger } from '../../src';
import { smallLoop } from '../helpers/loop';
import { find, messageOf, refusals, synthesise } from '../helpers/manifests';

test.each<[Duration, string]>([
  [Duration.minutes(1), '* * * * *'], [Duration.minutes(15), '*/15 * * * *'], [Duration.hours(1), '0 * * * *'], [Duration.minutes(60), '0 * * * *'],
  [Duration.hours(6), '0 */6 * * *'], [Duration.days(1), '0 0 * * *'],
])('an even distance is a cron expression', (distance, expression) => {
  expect(Schedule.every(distance)).toMatchObject({ expression, timezone: 'Etc/UTC' });
});

test('a schedule is read in UTC unless a zone is named', () => {
  expect(Schedule.cron(' 0  3 * * 1-5 ')).toMatchObject({ expression: '0 3 * * 1-5', timezone: 'Etc/UTC' });
  expect(Schedule.cron('0 3 * * *', { timezone: 'Europe/Berlin' }).timezone).toBe('Europe/Berlin');
});

test('a sensor with a schedule is a CronWorkflow, whose ticks enter it and go away again', () => {
  const { chart, axon, task } = smallLoop();
  new Sensor(axon, 'nightly', { on: [Trigger.calendar('night', Schedule.cron('0 3 * * *', { timezone: 'Europe/Berlin' }))], run: [task] });
  const { spec } = find(synthesise(chart), 'CronWorkflow', 'small-nightly');

  expect(spec).toMatchObject({ schedules: ['0 3 * * *'], timezone: 'Europe/Berlin', concurrencyPolicy: 'Allow', startingDeadlineSeconds: 600 });
  expect(spec.workflowSpec).toMatchObject({ entrypoint: 'sensor-nightly', workflowTemplateRef: { name: 'small' } });
  expect(spec.workflowSpec.ttlStrategy).toEqual({ secondsAfterSuccess: 86400, secondsAfterFailure: 604800 });
  expect(JSON.parse(spec.workflowSpec.arguments.parameters[0].value)).toMatchObject({ kind: 'calendar', sensor: 'nightly', trigger: 'night' });
});

test.each<[string, () => unknown, string]>([
  ['a schedule has four fields', () => Schedule.cron('0 3 * *'), "'schedule' (0 3 * *) has 4 fields of five: minute, hour, day of the month, month, day of the week, write one such as '0 3 * * *'"],
  ['a schedule has an hour that does not exist', () => Schedule.cron('0 25 * * *'), "'schedule' (0 25 * * *) has '25' for the hour, which takes 0-23, correct it"],
  ['a zone does not exist', () => Schedule.cron('0 3 * * *', { timezone: 'Europe/Berln' }), "'timezone' (Europe/Berln) is no time zone of the IANA database, did you mean 'Europe/Berlin'"],
  ['a distance does not divide an hour', () => Schedule.every(Duration.minutes(7)),
    "'interval' (7 minutes) must be whole minutes that divide an hour, or whole hours that divide a day, use for instance 15 minutes or 6 hours, or 'Schedule.cron(…)'"],
  ['a distance is seconds', () => Schedule.every(Duration.seconds(30)),
    "'interval' (0.5 minutes) must be whole minutes that divide an hour, or whole hours that divide a day, use for instance 15 minutes or 6 hours, or 'Schedule.cron(…)'"],
])('fails if %s', (_, make, message) => {
  expect(messageOf(make)).toBe(message);
});

test('fails if a sensor waits for two times', () => {
  const { chart, axon, task } = smallLoop();
  const on = ['a', 'b'].map((name) => Trigger.calendar(name, Schedule.every(Duration.hours(1))));
  new Sensor(axon, 'often', { on, run: [task] });

  expect(refusals(chart)).toEqual(["often: 'on' (often) waits for two times at once, make one schedule of them, or two sensors"]);
});
