import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { ICondition } from '../common/condition';
import { loopBuilderOf } from '../common/loop-builder-of';
import { IStep } from '../common/step';
import { AlertCondition } from '../metrics/alert-condition';
import { invalid } from '../problem/error';
import { phrase, prop } from '../problem/phrase';
import { ModelGraph } from '../serving/model-graph';
import { RetrainGuard } from './retrain-guard';
import { Sensor } from './sensor';
import { Trigger } from './trigger';

/** Properties of an `AlertRetrainSensor`. */
export interface AlertRetrainSensorProps {
  /** The model graph that is watched and retrained. */
  readonly model: ModelGraph;

  /** The alert that starts a run, for instance `model.accuracy({ … }).below(0.9)`. */
  readonly alert: AlertCondition;

  /**
   * What a run does, in order: the steps that retrain the model. A sensor needs at least one step.
   * @default - none: call `sensor.addStep`
   */
  readonly steps?: IStep[];

  /**
   * What the gate checks before a run: all of them must be met.
   * @default - none
   */
  readonly conditions?: ICondition[];

  /**
   * How long the alert condition must hold without a break before the alert fires.
   * @default Duration.minutes(5)
   */
  readonly sustained?: Duration;

  /**
   * Limits how often the alert starts a run.
   * @default RetrainGuard.standard()
   */
  readonly guard?: RetrainGuard;

  /**
   * The name of the sensor. In manifests and records it is in lower case with dashes. Unique among the sensors of an axon.
   * @default - the id of the construct
   */
  readonly sensorName?: string;
}

/**
 * Retrains a model graph when its live metrics decay: a `Sensor` with one alert trigger and a guard.
 * Only an alert of the newest version starts a run; alerts of older versions are recorded.
 */
export class AlertRetrainSensor extends Construct {
  /** The sensor that the alert triggers. */
  public readonly sensor: Sensor;

  constructor(scope: Construct, id: string, props: AlertRetrainSensorProps) {
    super(scope, id);
    const { model, alert, sensorName: name = id, steps, conditions, sustained } = props;
    const builder = loopBuilderOf(scope);
    // A wrong name is rejected as that of a sensor, before a trigger has it.
    builder.identifierFor('sensor', name);
    if (loopBuilderOf(model) !== builder) {
      throw invalid('other-axon', 'model', model.node.id, `belongs to axon '${loopBuilderOf(model).axon.name}', and the sensor to another axon ('${builder.axon.name}')`,
        'declare both in one axon');
    }
    const watched = alert._alert(this).model;
    if (watched !== undefined && watched !== model.identifier) {
      throw invalid('wrong-model', 'alert', watched, phrase`watches another model graph than ${prop('model')} (${model.identifier})`, 'watch the model graph that is retrained');
    }
    this.sensor = new Sensor(this, 'Default', {
      sensorName: name,
      triggers: [Trigger.alert(name, new AlertOfModel(alert, model.identifier), { sustained })],
      conditions,
      steps,
      guard: props.guard ?? RetrainGuard.standard(),
    });
  }

  /** The name of the sensor, as it is written. */
  public get sensorName(): string {
    return this.sensor.sensorName;
  }

  /** Its identifier in manifests and records: lower case, with dashes. */
  public get identifier(): string {
    return this.sensor.identifier;
  }
}

/** An alert condition with the model graph that it retrains. Guards count by model graph, and its versions label the alert. */
class AlertOfModel extends AlertCondition {
  constructor(private readonly condition: AlertCondition, private readonly model: string) {
    super();
  }

  /** @internal */
  public _alert(scope: Construct): { readonly expression: string; readonly model: string } {
    return { ...this.condition._alert(scope), model: this.model };
  }
}
