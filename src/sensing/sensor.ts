import { Construct } from 'constructs';
import { ICondition } from '../common/condition';
import { loopBuilderOf } from '../common/loop-builder-of';
import { BoundStep, IStep } from '../common/step';
import { ITrigger } from '../common/trigger';
import { TriggerData } from '../loop/sensor';
import { invalid } from '../problem/error';
import { RetrainGuard } from './retrain-guard';

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

  constructor(scope: Construct, name: string, props: SensorProps) {
    super(scope, name);
    const builder = loopBuilderOf(scope);
    this.identifier = builder.identifierFor('sensor', name);
    const { on = [], run } = props;
    if (run.length === 0) {
      throw invalid('empty', 'run', [], 'must hold at least one step', 'name the tasks to run');
    }
    const triggers: TriggerData[] = on.map((trigger) => trigger._trigger(this));
    const twice = triggers.findIndex((trigger, index) => triggers.findIndex((other) => sameEvent(trigger, other)) !== index);
    if (twice >= 0) {
      throw invalid('duplicate', 'on', triggers[twice].name, 'stands there twice', 'remove one, or give it another name', { item: twice });
    }
    const stages: BoundStep[][] = run.flatMap((step) => step._stages());
    const steps = stages.flat();
    const again = steps.find((step, index) => steps.findIndex((other) => sameStep(step, other)) !== index);
    if (again !== undefined) {
      const item = run.length - 1 - [...run].reverse().findIndex((step) => step._stages().flat().some((other) => sameStep(again, other)));
      throw invalid('duplicate', 'run', again.name, 'stands there twice', 'a task runs once in a run: remove one', { item });
    }
    const foreign = steps.find((step) => step.builder !== builder);
    if (foreign !== undefined) {
      throw invalid('other-axon', 'run', foreign.name, `belongs to another axon than '${builder.axon.name}'`, 'run it there');
    }
    const conditions = (props.when ?? []).map((condition) => condition._condition(this));
    const { parameters = [] } = props;
    const repeated = parameters.findIndex((parameter, index) => parameters.indexOf(parameter) !== index);
    if (repeated >= 0) {
      throw invalid('duplicate', 'parameters', parameters[repeated], 'stands there twice', 'remove one', { item: repeated });
    }
    const guard = props.guard ?? (triggers.some(({ kind }) => kind === 'alert') ? RetrainGuard.standard() : undefined);
    builder.addSensor({
      path: this.node.path,
      identifier: this.identifier,
      userName: name,
      triggers,
      conditions,
      stages: stages.map((stage) => stage.map((step) => ({ kind: step.kind, name: step.name }))),
      guard: guard?._toData(),
      parameters,
    });
  }
}

/** Two triggers of one name, or two names for the end of one task. */
function sameEvent(a: TriggerData, b: TriggerData): boolean {
  return a.name === b.name || (a.kind === 'task' && b.kind === 'task' && a.task === b.task && a.phase === b.phase);
}

function sameStep(a: BoundStep, b: BoundStep): boolean {
  return a.name === b.name && a.kind === b.kind;
}
