import { Cron } from 'croner';

/** Five fields, or a name such as `@daily`, as robfig/cron reads them; what other crons know besides means something else there. */
const STANDARD = /^(?:@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)|[\w*?,/-]+(?: +[\w*?,/-]+){4})$/;

/** The times of a CronWorkflow's schedules. */
export class Schedule {
  private readonly crons: Cron[];

  /** Fails if a schedule or the time zone is none. */
  constructor(schedules: readonly string[], timezone: string | undefined) {
    this.crons = schedules.map((schedule, at) => {
      const refuse = (why: string): Error => new Error(`'spec.schedules[${at}]' (${schedule}) ${why}`);
      if (!STANDARD.test(schedule.trim())) throw refuse('is no schedule of five fields, write it as minute hour day month weekday');
      try {
        const cron = new Cron(schedule.trim().replace('@midnight', '@daily').replaceAll('?', '*'), { paused: true, timezone: timezone || 'Etc/UTC' });
        // A time zone is looked up only when a time is asked for.
        cron.nextRun(new Date(0));
        return cron;
      } catch (error) {
        throw refuse(`is no schedule in the time zone ${timezone ?? 'Etc/UTC'}: ${(error as Error).message}`);
      }
    });
  }

  /** The first time after this one; Infinity when there is none. Both in milliseconds since the epoch. */
  next(after: number): number {
    return Math.min(...this.crons.map((cron) => cron.nextRun(new Date(after))?.getTime() ?? Infinity));
  }

  /** The last time after this one that has come by now, if any has. */
  last(after: number, now: number): number | undefined {
    // A machine that slept for long has missed many: only the last few days can matter.
    let due: number | undefined;
    for (let time = this.next(Math.max(after, now - LONGEST_SLEEP)); time <= now; time = this.next(time)) due = time;
    return due;
  }
}

const LONGEST_SLEEP = 7 * 24 * 60 * 60 * 1000;
