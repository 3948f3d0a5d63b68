import { DataCapture, GraphModel, RolloutRule } from '../contract/documents';

/** A model graph as it was declared: models that are deployed together and have one version. */
export interface ModelGraphData {
  /** The construct's path. */
  readonly path: string;
  readonly identifier: string;
  /** The name as the user wrote it. */
  readonly userName: string;
  /** One model, once the loop has passed its checks. */
  readonly models: ModelData[];
  readonly replicas: number;
  readonly rollout: RolloutRule[];
  /** @default - see `routesOf` */
  readonly routes?: RouteData[];
  readonly capture?: DataCapture;
  /** The number of versions that stay deployed. */
  readonly retention: number;
}

/** One model of a graph, and the backends that answer its requests. */
export interface ModelData {
  /** The name as the user wrote it. */
  readonly userName: string;
  readonly selection: GraphModel['selection'];
  readonly backends: BackendData[];
}

/** A training whose result is served, and the model server that serves it. */
export interface BackendData {
  /** The name as the user wrote it. */
  readonly userName: string;
  /** The identifier of the training task whose result is served. */
  readonly trainer: string;
  /** The identifier of the model server. */
  readonly server: string;
  /** Percent of the model's requests. */
  readonly weight: number;
}

/** A public path, the model that answers it, and the path of the request that the model gets. */
export interface RouteData {
  readonly path: string;
  /** The model's name as the user wrote it. */
  readonly model: string;
  readonly call: string;
}

/** The routes of a model graph: those that were declared, or the default ones to its first model. */
export function routesOf({ routes, models }: ModelGraphData): RouteData[] {
  return routes ?? models.slice(0, 1).flatMap(({ userName: model }) => ['/predict', '/send-feedback'].map((path) => ({ path, model, call: path })));
}

/** Identifiers of the training tasks whose results a graph serves, sorted. */
export function trainersOf(graph: ModelGraphData): string[] {
  return unique(graph.models.flatMap(({ backends }) => backends.map(({ trainer }) => trainer)));
}

/** Identifiers of the model servers of a graph, sorted. */
export function serversOf(graph: ModelGraphData): string[] {
  return unique(graph.models.flatMap(({ backends }) => backends.map(({ server }) => server)));
}

function unique(names: string[]): string[] {
  return [...new Set(names)].sort();
}
