import { Construct } from 'constructs';
import { IStep } from '../common/step';
import { LiveAccuracy, LiveAccuracyProps } from '../metrics/alert-condition';
import { Loop } from '../private/loop';
import { StepRef } from '../private/specs';
import { suggest } from '../private/suggest';
import { invalid } from '../problem/error';
import { either } from '../problem/phrase';
import { error, Problem, warning } from '../problem/problem';
import { Rollout } from '../routing/rollout';
import { DeployTask } from '../task/deploy-task';
import { ModelGraphProps } from './model-graph-props';
import { contributeModel } from './model-share';
import { Route } from './route';

/**
 * What is deployed together and versioned as one: models, the paths that reach them, and how a new
 * version takes over. Every deployment is a version named after the events that caused it, with an
 * address of its own beside the stable one.
 */
export class ModelGraph extends Construct {
  /** Its identifier in manifests and metrics. */
  public readonly identifier: string;

  /** @internal */
  readonly _props: ModelGraphProps;

  private readonly loop: Loop;

  constructor(scope: Construct, id: string, props: ModelGraphProps) {
    super(scope, id);
    this.loop = Loop.of(scope);
    this.identifier = this.loop.identifierFor('model', id);
    this._props = props;
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
      .find((task) => task._loop !== this.loop);
    if (foreign !== undefined) {
      throw invalid('other-axon', 'models', foreign.stepName, `is a task of axon '${foreign._loop.identity.name}', and the model graph belongs to another`,
        'declare the model graph there');
    }
    if (retention !== undefined && retention < rollout._generations) {
      throw invalid('retention-short', 'retention', retention, `is less than the ${rollout._generations} generations that the rollout speaks of`, 'raise it');
    }
    this.loop.addModel({
      construct: this,
      identifier: this.identifier,
      userName: id,
      trainers: unique(models.flatMap((model) => model._backends.map((backend) => backend._props.trainer.identifier))),
      servers: unique(models.flatMap((model) => model._backends.map((backend) => backend._props.server.identifier))),
      captures: props.capture !== undefined,
      problems: () => this.problems(),
      contribute: (assembly) => contributeModel(assembly, this.loop, this),
    });
  }

  /** A step: makes a new version of what its trainings have made, and moves traffic to it. */
  public deploy(): IStep {
    const ref: StepRef = { kind: 'deploy', name: this.identifier, construct: this, identity: () => this.identity() };
    return { stepName: this.node.id, _stages: () => [[ref]] };
  }

  /** The live accuracy of its versions, to compare in an alert. */
  public accuracy(props: LiveAccuracyProps): LiveAccuracy {
    return LiveAccuracy._of(this.identifier, this, props);
  }

  /** @internal */
  public get _routes(): Route[] {
    const only = this._props.models[0].name;
    return this._props.routes ?? [Route.to('/predict', only), Route.to('/send-feedback', only)];
  }

  /** @internal */
  public get _servers(): DeployTask[] {
    return this._props.models.flatMap((model) => model._backends.map((backend) => backend._props.server));
  }

  private identity(): unknown {
    return this._props.models.map((model) => model._backends.map((backend) => [
      backend.name, backend._props.trainer.identifier, backend._props.server._identity(),
    ]));
  }

  private problems(): Problem[] {
    const found: Problem[] = [];
    const { path: place } = this.node;
    const names = this._props.models.map((model) => model.name);
    const paths = new Map<string, string>();
    if (this.loop.task(this.identifier) !== undefined) {
      found.push(error(place, 'duplicate', 'name', this.node.id, 'is also the name of a task, and runs name both', 'rename one of them'));
    }
    for (const [item, { path, model }] of this._routes.entries()) {
      if (!names.includes(model)) {
        found.push(error(place, 'not-found', 'routes', `${path} to ${model}`, 'leads to a model that the graph does not have', suggest(model, names), { item }));
      }
      if (paths.has(path)) {
        found.push(error(place, 'duplicate', 'routes', path, 'is routed twice', 'remove one', { item }));
      }
      paths.set(path, model);
    }
    if (this._routes.length === 0) {
      found.push(error(place, 'unreachable', 'routes', '[]', 'is empty, so nobody can reach the model',
        either("route a path, as 'Route.to('/predict', …)'", 'add a route')));
    }
    if (!this.loop.sensors.some(({ stages }) => stages.flat().some((step) => step.construct === this))) {
      found.push(warning(place, 'unreachable', 'name', this.node.id, 'is deployed by no sensor, so nobody can call it', "run its 'deploy()' in one"));
    }
    for (const other of this.loop.models) {
      const graph = other.construct as ModelGraph;
      const shared = graph !== this && graph.identifier < this.identifier ? graph._routes.find((route) => paths.has(route.path)) : undefined;
      if (shared !== undefined) {
        found.push(error(place, 'duplicate', 'routes', shared.path, `is a path of the model graph '${other.userName}' of the same axon, too`,
          'give one of them another path'));
      }
    }
    return found;
  }
}

function unique(names: string[]): string[] {
  return [...new Set(names)].sort();
}
