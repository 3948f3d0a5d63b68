import { Duration } from 'cdk8s';
import { broken } from '../private/errors';
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
    const problem = cronProblem(expression);
    if (problem !== undefined) {
      throw broken('schedule', expression, problem.rule, problem.remedy);
    }
    const zone = props.timezone === undefined ? undefined : timezoneProblem(props.timezone);
    if (zone !== undefined) {
      throw broken('timezone', props.timezone, zone.rule, zone.remedy);
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
    throw broken('interval', `${minutes} minutes`, 'must be whole minutes that divide an hour, or whole hours that divide a day',
      "use for instance 15 minutes or 6 hours, or 'Schedule.cron(…)'");
  }

  private constructor(
    /** Cron, five fields. */
    public readonly expression: string,
    /** IANA name. */
    public readonly timezone: string,
  ) {}
}
