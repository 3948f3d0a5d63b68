import { SensorGuard } from '../contract/documents';
import { ObjectiveData } from './task';

/** A sensor as it was declared: what starts a run, on which conditions, and what the run does. */
export interface SensorData {
  /** The construct's path. */
  readonly path: string;
  readonly identifier: string;
  /** The name as the user wrote it. */
  readonly userName: string;
  /** All of them must fire. Without a trigger the sensor runs once, when the axon is created. */
  readonly triggers: TriggerData[];
  readonly conditions: ConditionData[];
  /** Outer lists run in order, inner ones in parallel. */
  readonly stages: StepData[][];
  readonly guard?: GuardData;
  /** Parameters of the axon that a call may set. */
  readonly parameters: string[];
}

/** What starts a run. */
export type TriggerData = TaskTriggerData | RestTriggerData | CalendarTriggerData | AlertTriggerData;

/** How a task can end. */
export type Phase = 'succeeded' | 'failed';

/** The end of a task. */
export interface TaskTriggerData {
  readonly kind: 'task';
  readonly name: string;
  /** The task's identifier. */
  readonly task: string;
  readonly phase: Phase;
}

/** A REST call. */
export interface RestTriggerData {
  readonly kind: 'rest';
  readonly name: string;
}

/** A time of a schedule. */
export interface CalendarTriggerData {
  readonly kind: 'calendar';
  readonly name: string;
  /** Cron, five fields. */
  readonly schedule: string;
  /** IANA name. */
  readonly timezone?: string;
}

/** An alert that fires. */
export interface AlertTriggerData {
  readonly kind: 'alert';
  readonly name: string;
  /** PromQL; fires for each series that it returns. */
  readonly expression: string;
  /** The identifier of the model graph that it watches, if it watches one. */
  readonly model?: string;
  /** For how long the expression must hold without a break. */
  readonly sustainedSeconds: number;
}

/** How a metric is compared with a threshold. */
export type Operator = '>' | '>=' | '<' | '<=';

/** What the gate checks before a run. */
export type ConditionData = MetricConditionData | BetterThanLiveData | PromqlConditionData;

/** A comparison of a metric of a task's run with a threshold. */
export interface MetricConditionData {
  readonly kind: 'metric';
  /** The task's identifier. */
  readonly task: string;
  readonly metric: string;
  readonly operator: Operator;
  readonly threshold: number;
}

/** A comparison of the new result with the live version. */
export interface BetterThanLiveData {
  readonly kind: 'betterThanLive';
  /** The identifier of the model graph. */
  readonly model: string;
  readonly metric: string;
  /** @default - see `directionOf` */
  readonly direction?: ObjectiveData['direction'];
  readonly margin: number;
}

/** A query that must return a sample. */
export interface PromqlConditionData {
  readonly kind: 'promql';
  readonly expression: string;
}

/** One step of a run: a task that runs, or a model graph that is deployed. */
export interface StepData {
  readonly kind: 'task' | 'deploy';
  /** The identifier of the task or model graph. */
  readonly name: string;
}

/** The guard as its document has it, without the model, which the triggers decide. */
export type GuardData = Omit<SensorGuard, 'model'>;

/** The model graph that the sensor's alert watches: guards count by model. */
export function watchedModel(sensor: SensorData): string | undefined {
  return sensor.triggers.flatMap((trigger) => (trigger.kind === 'alert' && trigger.model !== undefined ? [trigger.model] : []))[0];
}

/** Whether a sensor runs once, when the axon is created. */
export function isRunOnce({ triggers }: SensorData): boolean {
  return triggers.length === 0;
}
