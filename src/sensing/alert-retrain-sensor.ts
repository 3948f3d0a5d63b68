import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { loopBuilderOf } from '../common/loop-builder-of';
import { IStep } from '../common/step';
import { AlertCondition } from '../metrics/alert-condition';
import { invalid } from '../problem/error';
import { phrase, prop } from '../problem/phrase';
import { ModelGraph } from '../serving/model-graph';
import { RetrainGuard } from './retrain-guard';
import { Sensor } from './sensor';
import { Trigger } from './trigger';

/** What an alert-retrain sensor can be given. */
export interface AlertRetrainSensorProps {
  /** The model that is watched. */
  readonly model: ModelGraph;

  /** When it has decayed, for instance `model.accuracy({ … }).below(0.9)`. */
  readonly when: AlertCondition;

  /** What retrains it, in order. */
  readonly run: IStep[];

  /**
   * For how long the condition must hold without a break.
   * @default Duration.minutes(5)
   */
  readonly sustained?: Duration;

  /**
   * Keeps the alert from retraining for ever.
   * @default RetrainGuard.standard()
   */
  readonly guard?: RetrainGuard;
}

/**
 * Retrains a model when its live metrics decay. Only an alert of the newest version acts; those of
 * older versions are recorded.
 */
export class AlertRetrainSensor extends Sensor {
  constructor(scope: Construct, name: string, props: AlertRetrainSensorProps) {
    if (loopBuilderOf(props.model) !== loopBuilderOf(scope)) {
      throw invalid('other-axon', 'model', props.model.node.id, 'belongs to another axon', 'retrain it there');
    }
    const watched = props.when._alert(scope).model;
    if (watched !== undefined && watched !== props.model.identifier) {
      throw invalid('wrong-model', 'when', watched, phrase`is about another model than ${prop('model')} (${props.model.identifier})`, 'watch the model that is retrained');
    }
    super(scope, name, {
      on: [Trigger.alert(name, new OfModel(props.when, props.model.identifier), { sustained: props.sustained })],
      run: props.run,
      guard: props.guard ?? RetrainGuard.standard(),
    });
  }
}

/** A condition that may not tell which model it watches, with the one that is retrained: guards count by model, and versions of it answer alerts. */
class OfModel extends AlertCondition {
  constructor(private readonly condition: AlertCondition, private readonly model: string) {
    super();
  }

  /** @internal */
  public _alert(scope: Construct): { readonly expression: string; readonly model: string } {
    return { ...this.condition._alert(scope), model: this.model };
  }
}
