import { Cron, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { wholeSeconds } from '../common/quantities';
import { ITrigger } from '../common/trigger';
import { identifier, triggerIdentifier } from '../loop/names';
import { TriggerData } from '../loop/sensor';
import { AlertCondition } from '../metrics/alert-condition';
import { invalid, requireValid } from '../problem/error';
import { either, phrase } from '../problem/phrase';
import { cronProblem } from '../validate/cron';
import { timezoneProblem } from '../validate/timezone';

/** Options of `Trigger.calendar`. */
export interface CalendarTriggerOptions {
  /** The times, for instance `Cron.daily()` or `Cron.schedule({ minute: '30', hour: '2' })`. */
  readonly schedule: Cron;

  /**
   * The time zone of the schedule, by its IANA name.
   * @default 'Etc/UTC'
   */
  readonly timeZone?: string;
}

/** Options of `Trigger.alert`. */
export interface AlertTriggerOptions {
  /**
   * How long the condition must hold without a break before the alert fires.
   * @default Duration.minutes(5)
   */
  readonly sustained?: Duration;
}

/** Triggers of a sensor, besides the ends of tasks, which are `task.succeeded()` and `task.failed()`. */
export abstract class Trigger implements ITrigger {
  /**
   * A REST call: `POST` to the webhook of the axon, with its bearer token. The body is a JSON object. Calls with
   * the same `id` in the body are one event, and the fields of the body can set parameters of the run.
   */
  public static rest(name: string): Trigger {
    return new RestTrigger(name);
  }

  /** The times of a cron schedule. Each time is one event, however late it is delivered. */
  public static calendar(name: string, options: CalendarTriggerOptions): Trigger {
    const { schedule: { expressionString: expression }, timeZone = UTC } = options;
    requireValid('schedule', expression, cronProblem(expression));
    requireValid('timeZone', timeZone, timezoneProblem(timeZone));
    return new CalendarTrigger(name, expression.trim().replace(/\s+/g, ' '), timeZone);
  }

  /**
   * Times at an even interval, in UTC.
   * @param interval whole minutes that divide an hour, or whole hours that divide a day, so that the interval stays even over midnight
   */
  public static every(name: string, interval: Duration): Trigger {
    return new CalendarTrigger(name, evenSchedule(interval), UTC);
  }

  /** A condition on live metrics that begins to hold. */
  public static alert(name: string, condition: AlertCondition, options: AlertTriggerOptions = {}): Trigger {
    return new AlertTrigger(name, condition, options);
  }

  protected constructor(
    /** The name of the trigger in records and messages. */
    public readonly triggerName: string,
  ) {
    triggerIdentifier(triggerName);
  }

  /** @internal */
  public abstract _trigger(scope: Construct): TriggerData;
}

class RestTrigger extends Trigger {
  constructor(name: string) {
    super(name);
  }

  public _trigger(): TriggerData {
    return { kind: 'rest', name: identifier(this.triggerName) };
  }
}

class CalendarTrigger extends Trigger {
  constructor(name: string, private readonly schedule: string, private readonly timezone: string) {
    super(name);
  }

  public _trigger(): TriggerData {
    return { kind: 'calendar', name: identifier(this.triggerName), schedule: this.schedule, timezone: this.timezone };
  }
}

class AlertTrigger extends Trigger {
  private readonly sustainedSeconds: number;

  constructor(name: string, private readonly condition: AlertCondition, options: AlertTriggerOptions) {
    super(name);
    this.sustainedSeconds = wholeSeconds('sustained', options.sustained ?? Duration.minutes(5));
  }

  public _trigger(scope: Construct): TriggerData {
    return { kind: 'alert', name: identifier(this.triggerName), sustainedSeconds: this.sustainedSeconds, ...this.condition._alert(scope) };
  }
}

const UTC = 'Etc/UTC';

/** The cron expression of an even interval. */
function evenSchedule(interval: Duration): string {
  const minutes = interval.toMilliseconds() / 60_000;
  if (Number.isInteger(minutes) && minutes >= 1 && minutes < 60 && 60 % minutes === 0) {
    return minutes === 1 ? '* * * * *' : `*/${minutes} * * * *`;
  }
  const hours = minutes / 60;
  if (Number.isInteger(hours) && hours >= 1 && hours <= 24 && 24 % hours === 0) {
    return hours === 24 ? '0 0 * * *' : hours === 1 ? '0 * * * *' : `0 */${hours} * * *`;
  }
  throw invalid('out-of-range', 'interval', `${minutes} minutes`, 'must be whole minutes that divide an hour, or whole hours that divide a day',
    phrase`use for instance 15 minutes or 6 hours, or ${either("'Trigger.calendar(…)'", "a 'schedule'")}`);
}
