import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { wholeSeconds } from '../common/quantities';
import { ITrigger } from '../common/trigger';
import { identifier, triggerIdentifier } from '../loop/names';
import { TriggerData } from '../loop/sensor';
import { AlertCondition } from '../metrics/alert-condition';
import { Schedule } from './schedule';

/** What an alert trigger can be given. */
export interface AlertTriggerProps {
  /**
   * For how long the condition must hold without a break.
   * @default Duration.minutes(5)
   */
  readonly sustained?: Duration;
}

/** Things that can happen outside the loop's own tasks. The end of a task is `task.succeeded()`. */
export abstract class Trigger implements ITrigger {
  /**
   * A call: `POST` to the axon's webhook, with its bearer token. The body is a JSON object; an `id` in
   * it makes repeated calls one, and its fields can set parameters of the run.
   */
  public static rest(name: string): Trigger {
    return new RestTrigger(name);
  }

  /** A time. Each tick counts once, however late it is delivered. */
  public static calendar(name: string, schedule: Schedule): Trigger {
    return new CalendarTrigger(name, schedule);
  }

  /** A condition over live metrics that begins to hold. */
  public static alert(name: string, condition: AlertCondition, props: AlertTriggerProps = {}): Trigger {
    return new AlertTrigger(name, condition, props);
  }

  protected constructor(
    /** The name it has in records and messages. */
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
  constructor(name: string, private readonly schedule: Schedule) {
    super(name);
  }

  public _trigger(): TriggerData {
    return { kind: 'calendar', name: identifier(this.triggerName), schedule: this.schedule.expression, timezone: this.schedule.timezone };
  }
}

class AlertTrigger extends Trigger {
  private readonly sustainedSeconds: number;

  constructor(name: string, private readonly condition: AlertCondition, props: AlertTriggerProps) {
    super(name);
    this.sustainedSeconds = wholeSeconds('sustained', props.sustained ?? Duration.minutes(5));
  }

  public _trigger(scope: Construct): TriggerData {
    return { kind: 'alert', name: identifier(this.triggerName), sustainedSeconds: this.sustainedSeconds, ...this.condition._alert(scope) };
  }
}
