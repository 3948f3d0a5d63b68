import { DataCapture } from '../../serving/data-capture';
import { Backend, Model, ModelSelection } from '../../serving/model';
import { ModelGraph } from '../../serving/model-graph';
import { TrainingTask } from '../../task/training-task';
import { BackendKeys, CaptureKeys, DeployerKeys, ModelKeys } from '../schema/deployer-shape';
import { SensorKeys } from '../schema/sensor-shape';
import { Leaf } from '../schema/shape';
import { Builder } from './builder';
import { DeclaredDeployer, DeclaredTask } from './declared';
import { Names } from './names';
import { buildRollout } from './rollout';
import { buildRoutes } from './routes';

const UNNAMED = 'model';
const ROOM = 'models';
const WORDS = { modelName: 'name', rollout: 'rolloutSpec', revisionHistoryLimit: 'retention' };

/** Creates the model graphs of all deployers. A deployer is declared in a step of one sensor, and other sensors refer to it. */
export function buildDeployers(sensors: SensorKeys[], builder: Builder): void {
  for (const keys of sensors.flatMap((sensor) => sensor.tasks?.flat() ?? []).flatMap((step) => step.deployer ?? [])) {
    const { $ } = keys;
    if (keys.name === undefined && !$.has('name')) {
      builder.report.warning($.place, 'required', 'name', 'nothing', `is missing in a deployer, which gets the name '${UNNAMED}'`, 'set it');
    }
    const name = keys.name ?? { value: UNNAMED, place: $.at('name') };
    const declared: DeclaredDeployer = { keys };
    if (builder.deployers.add(name, declared)) {
      declared.graph = buildGraph(keys, name.value, builder);
    }
    builder.incomplete ||= declared.graph === undefined;
  }
}

function buildGraph(keys: DeployerKeys, name: string, builder: Builder): ModelGraph | undefined {
  const { models, replicas, retention, capture, $ } = keys;
  const built = models?.flatMap((model) => buildModel(model, builder) ?? []);
  const rollout = buildRollout(keys, builder);
  if (models !== undefined && models.length > 1) {
    builder.report.error(models[1].name?.place ?? models[1].$.place, 'unsupported', 'models',
      models.flatMap((model) => model.name?.value ?? []).join(', '), 'are several, and graphs of several models are not supported yet', 'serve each model by a deployer of its own, in an axon of its own');
    return undefined;
  }
  const routes = buildRoutes(keys.routes, models ?? [], builder.report);
  if (models?.length === 0) {
    builder.report.error($.at('models'), 'empty', 'models', '[]', 'must hold a model', 'add one');
  }
  if (built?.length !== 1) {
    return undefined;
  }
  return builder.attemptPart({ keys: $, words: WORDS }, ROOM, name, (scope) => new ModelGraph(scope, name, {
    models: built,
    replicas: replicas?.value,
    revisionHistoryLimit: retention?.value,
    rollout,
    routes,
    capture: capture && buildCapture(capture, builder),
  }));
}

function buildModel(keys: ModelKeys, builder: Builder): Model | undefined {
  const { name, backendModels = [], modelSelectionStrategy, $ } = keys;
  const weights = weightsOf(keys, builder);
  const backends = backendModels.map((backend) => buildBackend(backend, weights, builder));
  if (name === undefined || weights === undefined || backends.some((backend) => backend === undefined)) {
    return undefined;
  }
  // With one backend, the only choice is among the results of its training, and that is always the best one.
  const best = backends.length === 1 || modelSelectionStrategy !== undefined;
  return builder.attempt({ keys: $, words: { weight: 'routingStrategy', backends: 'backendModels' } }, () => Model.fromBackends(name.value, {
    backends: backends as Backend[], selection: best ? ModelSelection.BEST : ModelSelection.WEIGHTED,
  }));
}

function buildBackend(keys: BackendKeys, weights: Weights | undefined, builder: Builder): Backend | undefined {
  const { name, $ } = keys;
  const trainer = declaredOf('trainer', keys.trainer, 'train', builder)?.task;
  const server = declaredOf('deployer', keys.deployer, 'deploy', builder)?.server;
  if (name === undefined || !(trainer instanceof TrainingTask) || server === undefined) {
    return undefined;
  }
  return builder.attempt({ keys: $, words: {} }, () => Backend.fromTraining(name.value, { trainer, server, weight: weights?.get(name.value) }));
}

/** The task or model server that a backend names, which must have the right body. */
function declaredOf(key: string, name: Leaf<string> | undefined, body: 'train' | 'deploy', { tasks, report }: Builder): DeclaredTask | undefined {
  const declared = name && tasks.find(key, name);
  if (declared?.body !== undefined && declared.body !== body) {
    report.error(name!.place, 'wrong-type', key, name!.value, `has a '${declared.body}' body, and must have a '${body}' body`,
      body === 'train' ? 'name the task that trains the model' : 'name the model server that serves it');
  }
  return declared;
}

type Weights = ReadonlyMap<string, number>;

/** Weights of the backends by name; empty if none is set, undefined if one is wrong. */
function weightsOf({ routingStrategy = [], backendModels = [], $ }: ModelKeys, { report }: Builder): Weights | undefined {
  const [rule, second] = routingStrategy;
  if (second !== undefined) {
    report.error(second.$.place, 'unsupported', 'routingStrategy', `${routingStrategy.length} rules`, 'is more than one rule, which is not supported yet', 'write one');
    return undefined;
  }
  const destinations = rule?.destinations ?? [];
  if (destinations.length === 0) {
    return new Map();
  }
  const known = backendModels.flatMap(({ name }) => name?.value ?? []);
  const backends = new Names<string>('backend', report, 'the model');
  known.forEach((name) => backends.add({ value: name, place: $.place }, name));
  const weights = new Map(known.map((name) => [name, 0]));
  let whole = true;
  for (const { destinationName, weight, $: destination } of destinations) {
    const named = destinationName && backends.find('destinationName', destinationName);
    if (named !== undefined && weights.get(named)! > 0) {
      report.error(destinationName!.place, 'duplicate', 'destinationName', named, 'is listed twice', 'remove one');
    }
    if (weight === undefined && destinations.length > 1 && !destination.has('weight')) {
      report.error(destination.place, 'required', 'weight', 'nothing', 'is required if there are several destinations', 'set the weight of each');
      whole = false;
    }
    whole &&= named !== undefined;
    weights.set(named ?? '', weight?.value ?? 100);
  }
  return whole ? weights : undefined;
}

function buildCapture({ rate, retention, dropFields, $ }: CaptureKeys, builder: Builder): DataCapture | undefined {
  const props = { retention: retention?.value, dropFields: dropFields?.map(({ value }) => value) };
  return builder.attempt({ keys: $, words: {} }, () => (
    rate === undefined ? DataCapture.all(props) : DataCapture.sampled({ ...props, rate: rate.value })));
}
