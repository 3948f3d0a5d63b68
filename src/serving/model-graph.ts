import { Construct } from 'constructs';
import { loopBuilderOf } from '../common/loop-builder-of';
import { BoundStep, IStep } from '../common/step';
import { LoopBuilder, LoopPart } from '../loop/builder';
import { ModelGraphData } from '../loop/model';
import { LiveAccuracy, LiveAccuracyOptions } from '../metrics/alert-condition';
import { invalid } from '../problem/error';
import { ProblemPlace } from '../problem/problem';
import { Rollout } from '../routing/rollout';
import { Model } from './model';
import { ModelGraphProps } from './model-graph-props';
import { Route } from './route';

/**
 * Models that are deployed together and have one version: the models, the paths that reach them, and the rollout of new
 * versions. Each deployment creates a version. A version is named after the events that triggered it and has an address
 * of its own beside the stable one.
 */
export class ModelGraph extends Construct {
  /** The name of the model graph, as it is written. */
  public readonly modelName: string;

  /** Its identifier in manifests and metrics: lower case, with dashes. */
  public readonly identifier: string;

  private readonly builder: LoopBuilder;
  private readonly part: LoopPart<ModelGraphData>;

  constructor(scope: Construct, id: string, props: ModelGraphProps = {}) {
    super(scope, id);
    this.builder = loopBuilderOf(scope);
    this.modelName = props.modelName ?? id;
    this.identifier = this.builder.identifierFor('model', this.modelName);
    const { models = [], routes, replicas = 1, rollout = Rollout.newestOnly(), capture } = props;
    const { revisionHistoryLimit = rollout._generations } = props;
    for (const [prop, value] of Object.entries({ replicas, revisionHistoryLimit })) {
      if (!(Number.isInteger(value) && value >= 1)) {
        throw invalid('not-whole', prop, value, 'must be a whole number of at least 1', 'set a whole number');
      }
    }
    if (revisionHistoryLimit < rollout._generations) {
      throw invalid('retention-short', 'revisionHistoryLimit', revisionHistoryLimit,
        `is less than the ${rollout._generations} generations that the rollout names`, `set it to ${rollout._generations} or more`);
    }
    const data: ModelGraphData = {
      path: this.node.path,
      identifier: this.identifier,
      userName: this.modelName,
      models: [],
      replicas,
      rollout: rollout._toDocument(),
      routes: routes?.map(({ path, model, call }) => ({ path, model, call })),
      capture: capture?._toDocument(),
      retention: revisionHistoryLimit,
    };
    this.part = this.builder.addModel(models.reduce((known, model, item) => this.withModel(known, model, 'models', { item }), data));
  }

  /** Adds a model. A graph of several models is not supported yet. */
  public addModel(model: Model): void {
    this.part.update((data) => this.withModel(data, model, 'model'));
  }

  /** Adds a public path. */
  public addRoute(route: Route): void {
    const { path, model, call } = route;
    this.part.update((data) => ({ ...data, routes: [...data.routes ?? [], { path, model, call }] }));
  }

  /** A step: deploys a version that serves the results of the trainings, and moves traffic to it. */
  public deploy(): IStep {
    const step: BoundStep = { kind: 'deploy', name: this.identifier, builder: this.builder };
    return { stepName: this.modelName, _members: () => [step] };
  }

  /** The live accuracy of its versions, to compare in an alert. */
  public accuracy(options: LiveAccuracyOptions): LiveAccuracy {
    return LiveAccuracy._of(this.identifier, this, options);
  }

  private withModel(data: ModelGraphData, model: Model, prop: string, place?: ProblemPlace): ModelGraphData {
    const foreign = model._backends.flatMap(({ _options: { trainer, server } }) => [trainer, server]).find((part) => part._builder !== this.builder);
    if (foreign !== undefined) {
      throw invalid('other-axon', prop, foreign.node.id, `belongs to axon '${foreign._builder.axon.name}', and the model graph to axon '${this.builder.axon.name}'`,
        'declare both in one axon', place);
    }
    if (data.models.length > 0) {
      throw invalid('unsupported', prop, model.name, `is a second model beside '${data.models[0].userName}', and graphs of several models are not supported yet`,
        'serve each model by a graph of its own, in an axon of its own', place);
    }
    return { ...data, models: [...data.models, model._toData()] };
  }
}
