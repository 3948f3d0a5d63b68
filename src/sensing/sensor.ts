import { Construct } from 'constructs';
import { ICondition } from '../common/condition';
import { loopBuilderOf } from '../common/loop-builder-of';
import { IStep } from '../common/step';
import { ITrigger } from '../common/trigger';
import { LoopBuilder, LoopPart } from '../loop/builder';
import { ConditionData, SensorData, StepData, TriggerData } from '../loop/sensor';
import { invalid } from '../problem/error';
import { RetrainGuard } from './retrain-guard';

/** Properties of a `Sensor`. */
export interface SensorProps {
  /**
   * The name of the sensor. In manifests and records it is in lower case with dashes. Unique among the sensors of an axon.
   * @default - the id of the construct
   */
  readonly sensorName?: string;

  /**
   * What starts a run: all of them must fire. Of several events of one trigger the latest counts.
   * @default - none. Without a trigger the sensor runs once, when the axon is created, and again when what it runs changes
   */
  readonly triggers?: ITrigger[];

  /**
   * What the gate checks before a run: all of them must be met.
   * @default - none
   */
  readonly conditions?: ICondition[];

  /**
   * What a run does, in order. A sensor needs at least one step.
   * @default - none: call `addStep`
   */
  readonly steps?: IStep[];

  /**
   * Limits how often alerts start a run.
   * @default - `RetrainGuard.standard()` if an alert is among the triggers, otherwise no guard
   */
  readonly guard?: RetrainGuard;

  /**
   * Parameters of the axon that the payload of a REST call may set for its run.
   * @default - none
   */
  readonly callParameters?: string[];
}

/** Runs steps when its triggers have fired and its conditions are met. Sensors are the edges of a loop. */
export class Sensor extends Construct {
  /** The name of the sensor, as it is written. */
  public readonly sensorName: string;

  /** Its identifier in manifests and records: lower case, with dashes. */
  public readonly identifier: string;

  private readonly builder: LoopBuilder;
  private readonly part: LoopPart<SensorData>;

  constructor(scope: Construct, id: string, props: SensorProps = {}) {
    super(scope, id);
    const { sensorName: name = id, triggers = [], conditions = [], steps = [], guard, callParameters = [] } = props;
    this.builder = loopBuilderOf(scope);
    this.sensorName = name;
    this.identifier = this.builder.identifierFor('sensor', name);
    const repeated = callParameters.findIndex((parameter, index) => callParameters.indexOf(parameter) !== index);
    if (repeated >= 0) {
      throw invalid('duplicate', 'callParameters', callParameters[repeated], 'is listed twice', 'remove one', { item: repeated });
    }
    const lists = { triggers: [], conditions: [], stages: [], parameters: callParameters };
    let data: SensorData = { path: this.node.path, identifier: this.identifier, userName: name, ...lists, guard: guard?._toData() };
    triggers.forEach((trigger) => data = withTrigger(data, trigger._trigger(this)));
    steps.forEach((step) => data = withStage(data, this.stageOf(step, data)));
    conditions.forEach((condition) => data = withCondition(data, condition._condition(this)));
    this.part = this.builder.addSensor(data);
  }

  /** Adds a trigger. All triggers of a sensor must fire before it runs. */
  public addTrigger(trigger: ITrigger): void {
    this.part.update((data) => withTrigger(data, trigger._trigger(this)));
  }

  /** Adds a condition. All conditions of a sensor must be met before it runs. */
  public addCondition(condition: ICondition): void {
    this.part.update((data) => withCondition(data, condition._condition(this)));
  }

  /** Adds a step, which runs after the steps that the sensor has already. */
  public addStep(step: IStep): void {
    this.part.update((data) => withStage(data, this.stageOf(step, data)));
  }

  /** The members of a step, which must belong to the axon of the sensor. */
  private stageOf(step: IStep, { stages }: SensorData): StepData[] {
    const members = step._members();
    const foreign = members.find(({ builder }) => builder !== this.builder);
    if (foreign !== undefined) {
      throw invalid('other-axon', 'steps', foreign.name, `belongs to axon '${foreign.builder.axon.name}', and the sensor to another axon ('${this.builder.axon.name}')`,
        'declare both in one axon', { item: stages.length });
    }
    return members.map(({ kind, name }) => ({ kind, name }));
  }
}

function withTrigger(data: SensorData, trigger: TriggerData): SensorData {
  const { triggers, guard } = data;
  const same = triggers.find((other) => isSameEvent(trigger, other));
  if (same !== undefined) {
    const rule = same.name === trigger.name ? 'is the name of another trigger of the sensor' : `is the same event as the trigger '${same.name}'`;
    throw invalid('duplicate', 'triggers', trigger.name, rule, same.name === trigger.name ? 'rename one of them' : 'remove one of them', { item: triggers.length });
  }
  return { ...data, triggers: [...triggers, trigger], guard: guard ?? (trigger.kind === 'alert' ? RetrainGuard.standard()._toData() : undefined) };
}

function withCondition(data: SensorData, condition: ConditionData): SensorData {
  return { ...data, conditions: [...data.conditions, condition] };
}

function withStage(data: SensorData, stage: StepData[]): SensorData {
  const steps = [...data.stages.flat(), ...stage];
  const repeated = steps.find((step, index) => steps.findIndex((other) => isSameStep(step, other)) !== index);
  if (repeated !== undefined) {
    throw invalid('duplicate', 'steps', repeated.name, 'is listed twice, and a sensor runs each task and model graph once', 'remove one', { item: data.stages.length });
  }
  return { ...data, stages: [...data.stages, stage] };
}

/** Two triggers of one name, or two names for the end of one task. */
function isSameEvent(a: TriggerData, b: TriggerData): boolean {
  return a.name === b.name || (a.kind === 'task' && b.kind === 'task' && a.task === b.task && a.phase === b.phase);
}

function isSameStep(a: StepData, b: StepData): boolean {
  return a.name === b.name && a.kind === b.kind;
}
