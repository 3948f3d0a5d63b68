import { Cron, Duration } from 'cdk8s';
import { Sensor, Trigger } from '../../src';
import { smallLoop } from '../helpers/loop';
import { find, messageOf, refusals, synthesise } from '../helpers/manifests';

/** The schedule of a CronWorkflow, and its time zone. */
function scheduleOf(trigger: Trigger): [schedule: string, timezone: string] {
  const { chart, axon, task } = smallLoop();
  new Sensor(axon, 'often', { triggers: [trigger], steps: [task] });
  const { schedules, timezone } = find(synthesise(chart), 'CronWorkflow', 'small-often').spec;
  return [schedules[0], timezone];
}

test.each<[string, Duration, string]>([
  ['1 minute', Duration.minutes(1), '* * * * *'], ['15 minutes', Duration.minutes(15), '*/15 * * * *'], ['1 hour', Duration.hours(1), '0 * * * *'],
  ['60 minutes', Duration.minutes(60), '0 * * * *'], ['6 hours', Duration.hours(6), '0 */6 * * *'], ['1 day', Duration.days(1), '0 0 * * *'],
])('an interval of %s is a cron expression in UTC', (_, interval, expression) => {
  expect(scheduleOf(Trigger.every('x', interval))).toEqual([expression, 'Etc/UTC']);
});

test('a calendar trigger is in UTC unless it names a time zone', () => {
  expect(scheduleOf(Trigger.calendar('x', { schedule: Cron.schedule({ minute: '0', hour: '3', weekDay: '1-5' }) }))).toEqual(['0 3 * * 1-5', 'Etc/UTC']);
  expect(scheduleOf(Trigger.calendar('x', { schedule: Cron.daily(), timeZone: 'Europe/Berlin' }))).toEqual(['0 0 * * *', 'Europe/Berlin']);
});

test('a sensor with a schedule is a CronWorkflow, whose ticks enter it and go away again', () => {
  const { chart, axon, task } = smallLoop();
  new Sensor(axon, 'nightly', { triggers: [Trigger.calendar('night', { schedule: Cron.schedule({ minute: '0', hour: '3' }), timeZone: 'Europe/Berlin' })], steps: [task] });
  const { spec } = find(synthesise(chart), 'CronWorkflow', 'small-nightly');

  expect(spec).toMatchObject({ schedules: ['0 3 * * *'], timezone: 'Europe/Berlin', concurrencyPolicy: 'Allow', startingDeadlineSeconds: 600 });
  expect(spec.workflowSpec).toMatchObject({ entrypoint: 'sensor-nightly', workflowTemplateRef: { name: 'small' } });
  expect(spec.workflowSpec.ttlStrategy).toEqual({ secondsAfterSuccess: 86400, secondsAfterFailure: 604800 });
  expect(JSON.parse(spec.workflowSpec.arguments.parameters[0].value)).toMatchObject({ kind: 'calendar', sensor: 'nightly', trigger: 'night' });
});

test.each<[string, () => unknown, string]>([
  ['a schedule has four fields', () => Trigger.calendar('x', { schedule: Cron.schedule({ minute: '0', hour: '3 *', day: '', month: '', weekDay: '*' }) }), "'schedule' (0 3 *   *) has 4 fields of five: minute, hour, day of the month, month, day of the week, write one such as '0 3 * * *'"],
  ['a schedule has an hour that does not exist', () => Trigger.calendar('x', { schedule: Cron.schedule({ minute: '0', hour: '25' }) }), "'schedule' (0 25 * * *) has '25' for the hour, which takes 0-23, use one of these"],
  ['a zone does not exist', () => Trigger.calendar('x', { schedule: Cron.daily(), timeZone: 'Europe/Berln' }), "'timeZone' (Europe/Berln) is no time zone of the IANA database, did you mean 'Europe/Berlin'"],
  ['a distance does not divide an hour', () => Trigger.every('x', Duration.minutes(7)),
    "'interval' (7 minutes) must be whole minutes that divide an hour, or whole hours that divide a day, use for instance 15 minutes or 6 hours, or 'Trigger.calendar(…)'"],
  ['a distance is seconds', () => Trigger.every('x', Duration.seconds(30)),
    "'interval' (0.5 minutes) must be whole minutes that divide an hour, or whole hours that divide a day, use for instance 15 minutes or 6 hours, or 'Trigger.calendar(…)'"],
])('fails if %s', (_, make, message) => {
  expect(messageOf(make)).toBe(message);
});

test('fails if a sensor has two calendar triggers', () => {
  const { chart, axon, task } = smallLoop();
  const triggers = ['a', 'b'].map((name) => Trigger.every(name, Duration.hours(1)));
  new Sensor(axon, 'often', { triggers, steps: [task] });

  expect(refusals(chart)).toEqual(["often: 'triggers' (often) has two calendar triggers, which never fire together, use one schedule, or make two sensors"]);
});
