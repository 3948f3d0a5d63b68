import { Duration } from 'cdk8s';
import { invalid, requireValid } from '../problem/error';
import { either, phrase } from '../problem/phrase';
import { cronProblem } from '../validate/cron';
import { timezoneProblem } from '../validate/timezone';

/** What a cron schedule can be given. */
export interface CronProps {
  /**
   * The time zone that it is read in, by its IANA name.
   * @default 'Etc/UTC'
   */
  readonly timezone?: string;
}

/** When something happens by the clock. */
export class Schedule {
  /**
   * @param expression five fields: minute, hour, day of the month, month, day of the week
   */
  public static cron(expression: string, props: CronProps = {}): Schedule {
    requireValid('schedule', expression, cronProblem(expression));
    if (props.timezone !== undefined) {
      requireValid('timezone', props.timezone, timezoneProblem(props.timezone));
    }
    return new Schedule(expression.trim().replace(/\s+/g, ' '), props.timezone ?? 'Etc/UTC');
  }

  /**
   * At even distances. The distance must divide an hour or a day, so that it stays even over midnight.
   */
  public static every(distance: Duration): Schedule {
    const minutes = distance.toMilliseconds() / 60_000;
    if (Number.isInteger(minutes) && minutes >= 1 && minutes < 60 && 60 % minutes === 0) {
      return new Schedule(minutes === 1 ? '* * * * *' : `*/${minutes} * * * *`, 'Etc/UTC');
    }
    const hours = minutes / 60;
    if (Number.isInteger(hours) && hours >= 1 && hours <= 24 && 24 % hours === 0) {
      return new Schedule(hours === 24 ? '0 0 * * *' : hours === 1 ? '0 * * * *' : `0 */${hours} * * *`, 'Etc/UTC');
    }
    throw invalid('out-of-range', 'interval', `${minutes} minutes`, 'must be whole minutes that divide an hour, or whole hours that divide a day',
      phrase`use for instance 15 minutes or 6 hours, or ${either("'Schedule.cron(…)'", "a 'schedule'")}`);
  }

  private constructor(
    /** Cron, five fields. */
    public readonly expression: string,
    /** IANA name. */
    public readonly timezone: string,
  ) {}
}
