import { Construct } from 'constructs';
import { ICondition } from '../common/condition';
import { IStep } from '../common/step';
import { ITrigger } from '../common/trigger';
import { Loop, SensorPart } from '../private/loop';
import { TriggerSpec, StepRef, ConditionSpec } from '../private/specs';
import { invalid } from '../problem/error';
import { RetrainGuard } from './retrain-guard';
import { sensorProblems } from './sensor-problems';
import { contributeSensor } from './sensor-share';

/** What a sensor can be given. */
export interface SensorProps {
  /**
   * What must have happened, all of it. Of several events of one trigger the latest counts.
   * @default - nothing: the sensor runs once, when the axon is created, and again only when what it runs changes
   */
  readonly on?: ITrigger[];

  /**
   * What the gate asks before anything runs, all of it.
   * @default - nothing
   */
  readonly when?: ICondition[];

  /** What runs, in order. */
  readonly run: IStep[];

  /**
   * Keeps alerts from retraining for ever.
   * @default - the standard guard where an alert is among the triggers, none elsewhere
   */
  readonly guard?: RetrainGuard;

  /**
   * Parameters of the axon that the payload of a call may set for its run.
   * @default - none
   */
  readonly parameters?: string[];
}

/** Runs tasks when something has happened and conditions are met: the edges of the loop. */
export class Sensor extends Construct {
  /** Its identifier in manifests and records. */
  public readonly identifier: string;

  /** @internal */
  readonly _loop: Loop;

  /** @internal */
  readonly _parameters: string[];

  /** @internal */
  readonly _guard?: RetrainGuard;

  private readonly when: ICondition[];

  constructor(scope: Construct, name: string, props: SensorProps) {
    super(scope, name);
    this._loop = Loop.of(scope);
    this.identifier = this._loop.identifierFor('sensor', name);
    const { on = [], run } = props;
    if (run.length === 0) {
      throw invalid('empty', 'run', [], 'must hold at least one step', 'name the tasks to run');
    }
    const triggers: TriggerSpec[] = on.map((trigger) => trigger._trigger(this));
    const twice = triggers.findIndex((trigger, index) => triggers.findIndex((other) => sameEvent(trigger, other)) !== index);
    if (twice >= 0) {
      throw invalid('duplicate', 'on', triggers[twice].name, 'stands there twice', 'remove one, or give it another name', { item: twice });
    }
    const stages: StepRef[][] = run.flatMap((step) => step._stages());
    const steps = stages.flat();
    const again = steps.find((step, index) => steps.findIndex((other) => sameStep(step, other)) !== index);
    if (again !== undefined) {
      const item = run.length - 1 - [...run].reverse().findIndex((step) => step._stages().flat().some((other) => sameStep(again, other)));
      throw invalid('duplicate', 'run', again.name, 'stands there twice', 'a task runs once in a run: remove one', { item });
    }
    const foreign = steps.find((step) => Loop.of(step.construct) !== this._loop);
    if (foreign !== undefined) {
      throw invalid('other-axon', 'run', foreign.name, `belongs to another axon than '${this._loop.identity.name}'`, 'run it there');
    }
    this.when = props.when ?? [];
    // An expression that cannot be read is refused here; what the rest of the loop decides is looked at in the end.
    this._conditions();
    this._parameters = props.parameters ?? [];
    const repeated = this._parameters.findIndex((parameter, index) => this._parameters.indexOf(parameter) !== index);
    if (repeated >= 0) {
      throw invalid('duplicate', 'parameters', this._parameters[repeated], 'stands there twice', 'remove one', { item: repeated });
    }
    this._guard = props.guard ?? (triggers.some((trigger) => trigger.kind === 'alert') ? RetrainGuard.standard() : undefined);
    const part: SensorPart = {
      construct: this,
      identifier: this.identifier,
      userName: name,
      triggers,
      stages,
      guarded: this._guard !== undefined,
      freshData: this._guard?._toDocument().sameData === 'refuse',
      problems: () => sensorProblems(this, part),
      contribute: (assembly) => contributeSensor(assembly, this, part),
    };
    this._loop.addSensor(part);
  }

  /** @internal */
  public _conditions(): ConditionSpec[] {
    return this.when.map((condition) => condition._condition(this));
  }
}

/** Two triggers of one name, or two names for the end of one task. */
function sameEvent(a: TriggerSpec, b: TriggerSpec): boolean {
  return a.name === b.name || (a.kind === 'task' && b.kind === 'task' && a.task === b.task && a.phase === b.phase);
}

function sameStep(a: StepRef, b: StepRef): boolean {
  return a.name === b.name && a.kind === b.kind;
}
