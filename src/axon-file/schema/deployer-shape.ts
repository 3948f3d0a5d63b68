import { duration } from './quantities';
import { dictionary, list, may, must, Read, section, unsupported } from './section';
import { flag, integer, name, number, oneOf, text } from './shape';

const HEADERS_ONLY = "match 'headers' only";

const headerMatch = section('a match', {
  name: may(text(), 'What the match is called.'),
  headers: must(dictionary(section('a match of a header', {
    exact: may(text(), 'The whole value.'),
    prefix: may(text(), 'How the value begins.'),
    regex: may(text(), 'A regular expression for the whole value.'),
  })), 'The headers that a request must carry, by name in lower case.'),
  uri: unsupported(HEADERS_ONLY),
  scheme: unsupported(HEADERS_ONLY),
  method: unsupported(HEADERS_ONLY),
  authority: unsupported(HEADERS_ONLY),
  port: unsupported(HEADERS_ONLY),
  sourceLabels: unsupported(HEADERS_ONLY),
  gateways: unsupported(HEADERS_ONLY),
  queryParams: unsupported(HEADERS_ONLY),
  ignoreUriCase: unsupported(HEADERS_ONLY),
  withoutHeaders: unsupported(HEADERS_ONLY),
});

const generation = {
  destinationIndex: must(integer(), 'The generation: 0 the newest version, 1 the one before it.'),
};

const rolloutRule = section('a rollout rule', {
  destinations: may(list('a destination', section('a destination', {
    ...generation,
    weight: may(integer(), 'Percent of the requests.'),
  })), 'Where requests go. The weights sum to 100.'),
  match: may(list('a match', headerMatch), 'The requests that the rule is for: those that any of these matches.'),
  shadow: may(section('a shadow', generation), 'The generation that gets a copy of the requests.'),
});

const routingRule = section('a routing rule', {
  destinations: may(list('a destination', section('a destination', {
    destinationName: must(text(), 'The name of a backend.'),
    weight: may(integer(), 'Percent of the requests.'),
  })), 'Where requests go. The weights sum to 100.'),
  match: unsupported('divide by weights only'),
  shadow: unsupported('divide by weights only'),
});

const backend = section('a backend', {
  name: must(name(), 'The name of the backend.'),
  trainer: must(text(), 'The task with a train body whose result is served.'),
  deployer: must(text(), 'The model server: a task with a deploy body.'),
  modelSelectionStrategy: may(oneOf('best'), 'Serves the best result of the training.'),
});

const model = section('a model', {
  name: must(text(), 'The name of the model, as routes refer to it.'),
  modelSelectionStrategy: may(oneOf('best'), 'Serves the best backend, where the weights leave that open.'),
  routingStrategy: may(list('a routing rule', routingRule), 'How requests are divided over the backends.'),
  backendModels: must(list('a backend', backend), 'The ways in which the model is served.'),
});

const graphNode = section('a node', {
  model: must(text(), 'The model that is called.'),
  path: may(text(), 'The path that is called on it.'),
  includeInput: may(flag(), 'Joins only.'),
  dependencies: may(list('a node', text()), 'Joins only.'),
  dependency: unsupported('route to one model'),
  fullPath: unsupported('route to a model of the axon'),
  healthPath: unsupported('route to a model of the axon'),
  endpointRestType: unsupported('route to a model of the axon'),
});

const route = section('a route', {
  path: must(text(), 'The public path.'),
  dag: must(list('a node', graphNode), 'The models that answer it.'),
});

const capture = section('a capture', {
  rate: may(number(), 'The share of predictions that is kept. Without it, all.'),
  retention: may(duration(), 'How long a record is kept.'),
  dropFields: may(list('a field', text()), 'Fields of a request that are never written.'),
});

export const deployer = section('a deployer', {
  name: may(name(), 'The name of what is deployed, unique in the axon.'),
  replicas: may(integer(), 'Pods of each version.'),
  deploymentType: may(oneOf('canary'), 'Older form of a rollout.'),
  rolloutSpec: may(list('a rollout rule', rolloutRule), 'How traffic moves from version to version. Without it, to the newest.'),
  models: must(list('a model', model), 'The models. One for now.'),
  routes: may(list('a route', route), 'The public paths. Without them, /predict and /send-feedback.'),
  capture: may(capture, 'What is kept of requests, answers and truths.'),
  retention: may(integer(), 'How many versions stay deployed.'),
  volumes: unsupported(),
  gateway: unsupported("the platform's settings name the gateway"),
  gatewayNamespace: unsupported("the platform's settings name the gateway"),
  servers: unsupported("the platform's gateway has them"),
  securitySpec: unsupported(),
});

export type DeployerKeys = Read<typeof deployer>;
export type RolloutRuleKeys = Read<typeof rolloutRule>;
export type HeaderMatchKeys = Read<typeof headerMatch>;
export type ModelKeys = Read<typeof model>;
export type BackendKeys = Read<typeof backend>;
export type RouteKeys = Read<typeof route>;
export type CaptureKeys = Read<typeof capture>;
