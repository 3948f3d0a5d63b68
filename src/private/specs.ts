import { Construct } from 'constructs';

/*
 * What the public triggers, conditions and steps come down to: plain data, so that rooms need not
 * know each other's classes.
 */

/** What a trigger comes down to; the sensing room renders it. */
export type TriggerSpec = TaskTriggerSpec | RestTriggerSpec | CalendarTriggerSpec | AlertTriggerSpec;

export interface TaskTriggerSpec {
  readonly kind: 'task';
  readonly name: string;
  /** The task's identifier. */
  readonly task: string;
  readonly phase: 'succeeded' | 'failed';
}

export interface RestTriggerSpec {
  readonly kind: 'rest';
  readonly name: string;
}

export interface CalendarTriggerSpec {
  readonly kind: 'calendar';
  readonly name: string;
  /** Cron, five fields. */
  readonly schedule: string;
  readonly timezone?: string;
}

export interface AlertTriggerSpec {
  readonly kind: 'alert';
  readonly name: string;
  /** PromQL; fires for each series that it returns. */
  readonly expression: string;
  /** The identifier of the model graph it watches, where it watches one. */
  readonly model?: string;
  readonly sustainedSeconds: number;
}

export type Operator = '>' | '>=' | '<' | '<=';

/** What a condition comes down to, as the gate's document has it. */
export type ConditionSpec =
  | { readonly kind: 'metric'; readonly task?: string; readonly metric: string; readonly operator: Operator; readonly threshold: number }
  | { readonly kind: 'betterThanLive'; readonly model: string; readonly metric: string; readonly direction: 'maximize' | 'minimize'; readonly margin: number }
  | { readonly kind: 'promql'; readonly expression: string };

/**
 * One template call of a run. Outer lists run in order, inner ones in parallel.
 */
export interface StepRef {
  readonly kind: 'task' | 'deploy';
  /** The identifier of the task or model. */
  readonly name: string;
  readonly construct: Construct;
  /** Everything about it that decides what would run; thresholds, replicas and resources are no part of it. */
  readonly identity: () => unknown;
}
