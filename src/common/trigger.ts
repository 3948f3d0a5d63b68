import { Construct } from 'constructs';

/**
 * Something that can happen and that a sensor can wait for: a task that ended, a call,
 * a time, an alert. Several on one sensor mean that all of them must have happened
 * since it last ran; of each, the latest counts.
 */
export interface ITrigger {
  /** The name it has in records and messages. */
  readonly triggerName: string;

  /** @internal */
  _trigger(scope: Construct): TriggerSpec;
}

/** What a trigger comes down to; the sensing room renders it. @internal */
export type TriggerSpec = TaskTriggerSpec | RestTriggerSpec | CalendarTriggerSpec | AlertTriggerSpec;

/** @internal */
export interface TaskTriggerSpec {
  readonly kind: 'task';
  readonly name: string;
  /** The task's identifier. */
  readonly task: string;
  readonly phase: 'succeeded' | 'failed';
}

/** @internal */
export interface RestTriggerSpec {
  readonly kind: 'rest';
  readonly name: string;
}

/** @internal */
export interface CalendarTriggerSpec {
  readonly kind: 'calendar';
  readonly name: string;
  /** Cron, five fields. */
  readonly schedule: string;
  readonly timezone?: string;
}

/** @internal */
export interface AlertTriggerSpec {
  readonly kind: 'alert';
  readonly name: string;
  /** PromQL; fires for each series that it returns. */
  readonly expression: string;
  /** The identifier of the model graph it watches, where it watches one. */
  readonly model?: string;
  readonly sustainedSeconds: number;
}
