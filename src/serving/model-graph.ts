import { Construct } from 'constructs';
import { loopBuilderOf } from '../common/loop-builder-of';
import { BoundStep, IStep } from '../common/step';
import { LoopBuilder } from '../loop/builder';
import { LiveAccuracy, LiveAccuracyOptions } from '../metrics/alert-condition';
import { invalid } from '../problem/error';
import { Rollout } from '../routing/rollout';
import { ModelGraphProps } from './model-graph-props';
import { Route } from './route';

/**
 * What is deployed together and versioned as one: models, the paths that reach them, and how a new
 * version takes over. Every deployment is a version named after the events that caused it, with an
 * address of its own beside the stable one.
 */
export class ModelGraph extends Construct {
  /** Its name. */
  public readonly modelName: string;

  /** Its identifier in manifests and metrics: lower case, with dashes. */
  public readonly identifier: string;

  private readonly builder: LoopBuilder;

  constructor(scope: Construct, id: string, props: ModelGraphProps) {
    super(scope, id);
    this.builder = loopBuilderOf(scope);
    this.modelName = props.modelName ?? id;
    this.identifier = this.builder.identifierFor('model', this.modelName);
    const { models, replicas, retention, rollout = Rollout.newestOnly() } = props;
    if (models.length === 0) {
      throw invalid('empty', 'models', '', 'must hold a model', "use 'Model.of(…)'");
    }
    if (models.length > 1) {
      throw invalid('unsupported', 'models', models.map((model) => model.name).join(', '),
        'are more than one, and graphs of several models are not supported yet', 'serve each in an axon of its own', { item: 1 });
    }
    for (const [prop, value] of Object.entries({ replicas, retention })) {
      if (value !== undefined && !(Number.isInteger(value) && value >= 1)) {
        throw invalid('not-whole', prop, value, 'must be a whole number of at least 1', 'correct it');
      }
    }
    const foreign = models.flatMap((model) => model._backends.flatMap(({ _props: { trainer, server } }) => [trainer, server]))
      .find((part) => part._builder !== this.builder);
    if (foreign !== undefined) {
      throw invalid('other-axon', 'models', foreign.node.id, `belongs to axon '${foreign._builder.axon.name}', and the model graph to another`,
        'declare the model graph there');
    }
    if (retention !== undefined && retention < rollout._generations) {
      throw invalid('retention-short', 'retention', retention, `is less than the ${rollout._generations} generations that the rollout speaks of`, 'raise it');
    }
    const only = models[0].name;
    const routes = props.routes ?? [Route.to('/predict', only), Route.to('/send-feedback', only)];
    this.builder.addModel({
      path: this.node.path,
      identifier: this.identifier,
      userName: this.modelName,
      models: models.map((model) => model._toData()),
      replicas: replicas ?? 1,
      rollout: rollout._toDocument(),
      routes: routes.map(({ path, model, call }) => ({ path, model, call })),
      capture: props.capture?._toDocument(),
      retention: retention ?? rollout._generations,
    });
  }

  /** A step: makes a new version of what its trainings have made, and moves traffic to it. */
  public deploy(): IStep {
    const step: BoundStep = { kind: 'deploy', name: this.identifier, builder: this.builder };
    return { stepName: this.modelName, _members: () => [step] };
  }

  /** The live accuracy of its versions, to compare in an alert. */
  public accuracy(options: LiveAccuracyOptions): LiveAccuracy {
    return LiveAccuracy._of(this.identifier, this, options);
  }
}
